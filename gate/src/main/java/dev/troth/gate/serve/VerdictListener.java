package dev.troth.gate.serve;

import dev.troth.gate.core.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each verdict after it is settled, on the thread that answers: it takes what it is told
 * and returns at once.
 */
public interface VerdictListener {
  /** Hears nothing; nothing is copied for it. */
  VerdictListener NONE =
      new VerdictListener() {
        @Override
        public boolean isListening() {
          return false;
        }

        @Override
        public void told(byte[] token, Reason reason, @Nullable Place place) {}
      };

  /**
   * What a request was for, its bytes as characters of one byte.
   *
   * @param path with its query, as it came
   */
  record Place(String method, String path) {}

  default boolean isListening() {
    return true;
  }

  /**
   * One verdict.
   *
   * @param token a copy that is the listener's
   * @param reason by the rules for paths too
   * @param place null for a request about a token alone, which no rule is for
   */
  void told(byte[] token, Reason reason, @Nullable Place place);
}
