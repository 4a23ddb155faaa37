/** Webhooks after Standard Webhooks 1.0: what is signed, where it may go, what answers mean. */
@NullMarked
package dev.troth.watch.webhook;

import org.jspecify.annotations.NullMarked;
