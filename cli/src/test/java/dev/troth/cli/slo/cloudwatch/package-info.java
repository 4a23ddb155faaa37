@org.jspecify.annotations.NullMarked
package dev.troth.cli.slo.cloudwatch;
