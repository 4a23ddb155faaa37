/** Objectives on live telemetry: counts, states, alerts and incidents. */
@NullMarked
package dev.troth.server.objective;

import org.jspecify.annotations.NullMarked;
