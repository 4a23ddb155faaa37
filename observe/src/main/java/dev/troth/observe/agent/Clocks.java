package dev.troth.observe.agent;

/** Time as the kernel's events tell it and as the calendar does. */
public interface Clocks {
  /** Nanoseconds of the monotonic clock, as {@code bpf_ktime_get_ns} tells them. */
  long monotonic();

  /** Nanoseconds since 1970. */
  long epoch();

  /** The clocks of this machine; {@link System#nanoTime} is CLOCK_MONOTONIC on Linux. */
  Clocks SYSTEM =
      new Clocks() {
        @Override
        public long monotonic() {
          return System.nanoTime();
        }

        @Override
        public long epoch() {
          java.time.Instant now = java.time.Instant.now();
          return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }
      };
}
