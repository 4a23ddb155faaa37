/** The small language of a watch's filter: {@code price < 10 and changed(price)}. */
@NullMarked
package dev.troth.watch.filter;

import org.jspecify.annotations.NullMarked;
