/** Metrics of the requests that were seen, and of the agent itself, as Prometheus text. */
@NullMarked
package dev.troth.observe.metrics;

import org.jspecify.annotations.NullMarked;
