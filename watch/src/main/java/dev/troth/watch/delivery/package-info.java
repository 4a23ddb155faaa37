/** One notification on one channel: its key, its attempts and what becomes of it. */
@NullMarked
package dev.troth.watch.delivery;

import org.jspecify.annotations.NullMarked;
