@NullMarked
package dev.troth.observe.stream;

import org.jspecify.annotations.NullMarked;
