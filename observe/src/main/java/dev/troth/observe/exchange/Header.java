package dev.troth.observe.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A header field with its name in lower case. */
public record Header(String name, String value) {
  /**
   * The value of the first field of this name, or {@code null}: asked for several times a request.
   */
  public static @Nullable String first(List<Header> headers, String name) {
    for (int i = 0; i < headers.size(); i++) {
      if (headers.get(i).name().equals(name)) {
        return headers.get(i).value();
      }
    }
    return null;
  }
}
