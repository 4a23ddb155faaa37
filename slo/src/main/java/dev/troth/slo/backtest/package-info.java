/** What alerts would have done: the live engine over a history of counts. */
@NullMarked
package dev.troth.slo.backtest;

import org.jspecify.annotations.NullMarked;
