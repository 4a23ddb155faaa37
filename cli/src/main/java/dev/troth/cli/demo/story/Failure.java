package dev.troth.cli.demo.story;

import java.util.Locale;

/** What goes wrong in the story, and which promise it breaks where. */
public enum Failure {
  PUBLISH("refused", "orders", "bus", "the event of an order is lost behind a 201"),
  SLOW_DB("second", "orders-latency", "", "a write takes a second longer, behind a 201"),
  BAD_PAYLOAD(
      "caught", "orders", "bus", "the event breaks its contract and is held back, behind a 201"),
  BAD_TOKEN(
      "unknown-key", "orders-tokens", "gate", "customers' tokens are of a key that nobody knows"),
  RETRIES("first-attempt", "orders", "table", "the first attempt to write fails, behind a 201");

  private final String variant;
  private final String objective;
  private final String step;
  private final String what;

  Failure(String variant, String objective, String step, String what) {
    this.variant = variant;
    this.objective = objective;
    this.step = step;
    this.what = what;
  }

  /** The way of it that the story takes. */
  String variant() {
    return variant;
  }

  /** The objective that burns. */
  public String objective() {
    return objective;
  }

  /** The step of its chain that is at fault; empty where the whole was too slow. */
  String step() {
    return step;
  }

  String what() {
    return what;
  }

  /** The status that the caller sees. */
  int status() {
    return this == BAD_TOKEN ? 401 : 201;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
