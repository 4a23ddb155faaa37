@NullMarked
package dev.troth.gate.keys;

import org.jspecify.annotations.NullMarked;
