@NullMarked
package dev.troth.observe.capture;

import org.jspecify.annotations.NullMarked;
