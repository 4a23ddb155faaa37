/** Queries of Prometheus, read. */
@org.jspecify.annotations.NullMarked
package dev.troth.slo.promql;
