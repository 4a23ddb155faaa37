/**
 * Alarms of CloudWatch as state machines: what a history of data points would have made of them.
 */
@NullMarked
package dev.troth.slo.alarm;

import org.jspecify.annotations.NullMarked;
