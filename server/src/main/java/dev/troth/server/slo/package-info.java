/** Objectives at work in the platform: their counts and alerts in SQL, their API. */
@NullMarked
package dev.troth.server.slo;

import org.jspecify.annotations.NullMarked;
