/** Events that come in from outside, after CloudEvents 1.0. */
@NullMarked
package dev.troth.watch.event;

import org.jspecify.annotations.NullMarked;
