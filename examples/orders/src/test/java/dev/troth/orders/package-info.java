/** The example as a whole. */
@NullUnmarked
package dev.troth.orders;

import org.jspecify.annotations.NullUnmarked;
