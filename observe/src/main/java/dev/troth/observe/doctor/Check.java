package dev.troth.observe.doctor;

/** One thing that was looked at. */
public record Check(String subject, State state, String detail) {
  /** What it means for the agent. */
  public enum State {
    /** It is there. */
    OK,
    /** It is not there, and not needed. */
    ABSENT,
    /** It is not there, and the agent cannot run without it. */
    MISSING
  }
}
