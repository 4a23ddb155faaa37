@NullMarked
package dev.troth.slo.backtest;

import org.jspecify.annotations.NullMarked;
