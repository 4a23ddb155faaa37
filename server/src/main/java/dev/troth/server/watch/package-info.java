/**
 * Watch in the platform: the change log in SQL, records, watches, the inbox, events in and the
 * stream out.
 */
@NullMarked
package dev.troth.server.watch;

import org.jspecify.annotations.NullMarked;
