/** Alarms over histories of data points. */
@org.jspecify.annotations.NullMarked
package dev.troth.slo.alarm;
