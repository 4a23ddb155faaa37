package dev.troth.watch.delivery;

import java.time.Duration;
import java.util.List;

/** What one attempt came to. */
public sealed interface Outcome {
  /** What {@link #word} may be. */
  List<String> WORDS = List.of("delivered", "failed", "refused", "gone");

  /** It in one word, as attempts are listed and counted. */
  default String word() {
    return switch (this) {
      case Delivered _ -> "delivered";
      case Failed _ -> "failed";
      case Refused _ -> "refused";
      case Gone _ -> "gone";
    };
  }

  /**
   * The receiver has it.
   *
   * @param receipt what it answered, such as {@code 204}
   */
  record Delivered(String receipt) implements Outcome {}

  /**
   * It may work later.
   *
   * @param pause the least time to wait, as the receiver asked; zero when it did not
   */
  record Failed(String why, Duration pause) implements Outcome {}

  /** It will not work however often it is tried. */
  record Refused(String why) implements Outcome {}

  /** The receiver is no more (HTTP 410): nothing further is to be sent there. */
  record Gone(String why) implements Outcome {}
}
