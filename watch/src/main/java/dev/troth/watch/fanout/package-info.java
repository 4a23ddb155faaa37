/** How one change reaches any number of watchers: page by page, subjects in turn. */
@NullMarked
package dev.troth.watch.fanout;

import org.jspecify.annotations.NullMarked;
