/**
 * What alerts would have done: the live engine over a history of counts, or the alarms of a
 * template over a history of metrics.
 */
@NullMarked
package dev.troth.slo.backtest;

import org.jspecify.annotations.NullMarked;
