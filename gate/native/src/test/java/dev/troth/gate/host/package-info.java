@NullMarked
package dev.troth.gate.host;

import org.jspecify.annotations.NullMarked;
