@NullMarked
package dev.troth.gate.build;

import org.jspecify.annotations.NullMarked;
