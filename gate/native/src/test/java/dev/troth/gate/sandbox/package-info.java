@NullMarked
package dev.troth.gate.sandbox;

import org.jspecify.annotations.NullMarked;
