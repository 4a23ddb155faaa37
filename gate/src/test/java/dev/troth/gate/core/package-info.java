@NullMarked
package dev.troth.gate.core;

import org.jspecify.annotations.NullMarked;
