@org.jspecify.annotations.NullMarked
package dev.troth.slo.cloudwatch;
