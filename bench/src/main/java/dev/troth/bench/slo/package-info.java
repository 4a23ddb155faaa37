/** What evaluating objectives costs. */
@NullMarked
package dev.troth.bench.slo;

import org.jspecify.annotations.NullMarked;
