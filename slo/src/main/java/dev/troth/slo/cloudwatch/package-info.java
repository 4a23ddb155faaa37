/** Histories that CloudWatch keeps: for how long, how exactly, and what its answers come to. */
@NullMarked
package dev.troth.slo.cloudwatch;

import org.jspecify.annotations.NullMarked;
