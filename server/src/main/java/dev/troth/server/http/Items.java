package dev.troth.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list of the API.
 *
 * @param next what to ask for to go on; null at the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Items<T>(List<T> items, @Nullable Object next) {

  /** A list that is whole. */
  public static <T> Items<T> all(List<T> items) {
    return new Items<>(items, null);
  }
}
