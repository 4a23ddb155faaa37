/** Files known by their content. */
@org.jspecify.annotations.NullMarked
package dev.troth.slo.lint;
