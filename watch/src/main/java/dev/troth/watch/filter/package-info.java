/** The filter of a watch, in CEL: {@code price < 10 && changed(price)}. */
@NullMarked
package dev.troth.watch.filter;

import org.jspecify.annotations.NullMarked;
