/** What operators ask: health and metrics. */
@NullMarked
package dev.troth.server.operations;

import org.jspecify.annotations.NullMarked;
