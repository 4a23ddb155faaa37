/** What every process shares: its command line, its life, its log, its telemetry. */
@NullMarked
package dev.troth.orders.process;

import org.jspecify.annotations.NullMarked;
