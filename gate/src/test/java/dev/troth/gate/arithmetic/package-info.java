@NullMarked
package dev.troth.gate.arithmetic;

import org.jspecify.annotations.NullMarked;
