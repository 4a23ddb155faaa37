/** Expressions of metric math, written, read and checked. */
@org.jspecify.annotations.NullMarked
package dev.troth.slo.math;
