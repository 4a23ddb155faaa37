package dev.troth.server.objective;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.troth.slo.file.FileError;
import dev.troth.slo.objective.CountingMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that could not be read, so that nobody takes its absence for health.
 *
 * @param number its place among the broken ones, from 1
 */
public record BrokenFile(int number, FileError error) implements ObjectiveEntry {
  /** What stands in for a name: the file may not even have come to one. */
  public String name() {
    return "broken-" + number;
  }

  /** Clients read entries of one shape: every member of an objective, unknown where it is. */
  @JsonValue
  Map<String, @Nullable Object> document() {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("name", name());
    document.put("subject", "slo/" + name());
    document.put("displayName", error.file());
    document.put("service", "");
    document.put("kind", CountingMethod.EXACT.word());
    document.put("measure", "availability");
    document.put("label", null);
    document.put("groupBy", null);
    document.put("target", 0.0);
    document.put("threshold", null);
    document.put("window", null);
    document.put("state", "broken");
    document.put("stateReason", error.toString());
    document.put("since", null);
    document.put("availability", null);
    document.put("bounds", null);
    document.put("requests", new ObjectiveFigures.Requests(0, 0, 0, 0, 0));
    document.put("budget", null);
    document.put("p95Millis", null);
    document.put("burn", List.of());
    document.put("incident", null);
    document.put("lastData", null);
    document.put("gapMinutes", 0);
    document.put("evidence", null);
    return document;
  }
}
