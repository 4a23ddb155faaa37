/** Templates and their mistakes. */
@org.jspecify.annotations.NullMarked
package dev.troth.slo.cloudformation;
