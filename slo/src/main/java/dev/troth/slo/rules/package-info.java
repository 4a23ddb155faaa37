/** Rule files of Prometheus, evaluated over a history as Prometheus does it. */
@NullMarked
package dev.troth.slo.rules;

import org.jspecify.annotations.NullMarked;
