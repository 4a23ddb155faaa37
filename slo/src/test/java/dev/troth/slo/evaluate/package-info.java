/** Metric math over time. */
@org.jspecify.annotations.NullMarked
package dev.troth.slo.evaluate;
