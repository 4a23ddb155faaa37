/** What objectives count from: the spans of open requests and the streams of counters, stored. */
@NullMarked
package dev.troth.server.counting;

import org.jspecify.annotations.NullMarked;
