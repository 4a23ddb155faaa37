@NullMarked
package dev.troth.gate.serve;

import org.jspecify.annotations.NullMarked;
