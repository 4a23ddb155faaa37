/** Series of samples as Prometheus has them: labels, times and values. */
@NullMarked
package dev.troth.slo.series;

import org.jspecify.annotations.NullMarked;
