/** Histories of {@code slo backtest} that CloudWatch keeps. */
@NullMarked
package dev.troth.cli.slo.cloudwatch;

import org.jspecify.annotations.NullMarked;
