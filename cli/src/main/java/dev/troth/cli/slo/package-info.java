/** {@code troth slo}: status, gate, lint, backtest. */
@NullMarked
package dev.troth.cli.slo;

import org.jspecify.annotations.NullMarked;
