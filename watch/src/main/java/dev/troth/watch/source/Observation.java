package dev.troth.watch.source;

import dev.troth.watch.change.Fields;
import java.time.Duration;

/** What one look at a thing came to. */
public sealed interface Observation {
  /**
   * It is there.
   *
   * @param validators what the next look sends, so that an unchanged thing is not sent again
   */
  record Seen(Fields fields, Validators validators) implements Observation {}

  /** It is as it was at the last look. */
  record Unchanged() implements Observation {}

  /** It is there no more. */
  record Gone() implements Observation {}

  /**
   * Nothing could be seen.
   *
   * @param pause the least time to wait, as it asked; zero when it did not
   */
  record Failed(String why, Duration pause) implements Observation {}

  /**
   * By what a server knows a version (RFC 9110 §8.8); empty without.
   *
   * @param etag as it was sent
   * @param lastModified as it was sent
   */
  record Validators(String etag, String lastModified) {
    public static final Validators NONE = new Validators("", "");
  }
}
