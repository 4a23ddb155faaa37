@NullMarked
package dev.troth.gate;

import org.jspecify.annotations.NullMarked;
