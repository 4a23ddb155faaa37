package dev.troth.slo.alarm;

/** How an alarm stands. */
public enum AlarmState {
  OK,
  ALARM,
  INSUFFICIENT_DATA,
  /** The data at hand do not say it: a metric or function is known to the service alone. */
  NOT_KNOWN
}
