/** CloudWatch metric math: reads expressions, and says what is wrong with their names and types. */
@NullMarked
package dev.troth.slo.math;

import org.jspecify.annotations.NullMarked;
