/** Expressions of PromQL, read as far as rules about them need it. */
@NullMarked
package dev.troth.slo.promql;

import org.jspecify.annotations.NullMarked;
