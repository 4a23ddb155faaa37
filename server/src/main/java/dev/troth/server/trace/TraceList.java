package dev.troth.server.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of the newest traces.
 *
 * @param next asks for the page after, as its {@code before}; null on the last page
 * @param dropped what was received and is not kept or counted, by reason
 */
public record TraceList(
    List<Row> traces,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String next,
    Map<String, Long> dropped) {

  /** One trace in the list. */
  public record Row(
      String id,
      String root,
      String service,
      Instant start,
      double durationMillis,
      int spans,
      int errors,
      List<String> services) {}
}
