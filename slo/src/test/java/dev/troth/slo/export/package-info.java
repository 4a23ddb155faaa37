/** Chains as templates. */
@org.jspecify.annotations.NullMarked
package dev.troth.slo.export;
