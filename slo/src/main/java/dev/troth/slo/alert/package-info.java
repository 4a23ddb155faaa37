/** When to wake somebody: burn-rate conditions, the alert state machine and what it tells. */
@NullMarked
package dev.troth.slo.alert;

import org.jspecify.annotations.NullMarked;
