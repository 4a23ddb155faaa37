@NullMarked
package dev.troth.observe.propagation;

import org.jspecify.annotations.NullMarked;
