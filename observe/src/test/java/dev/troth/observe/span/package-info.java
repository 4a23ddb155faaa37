@NullMarked
package dev.troth.observe.span;

import org.jspecify.annotations.NullMarked;
