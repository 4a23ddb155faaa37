package dev.troth.cli.slo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.ApiClient.Answer;
import dev.troth.cli.command.CommandException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The groups of an objective as the platform answers them.
 *
 * @param document all that was answered
 */
record SloGroups(JsonNode document, Page page) {
  /** The worst groups; {@code counted} is how many there are, {@code note} why without budgets. */
  record Page(
      String objective, String attribute, int counted, @Nullable String note, List<Group> groups) {}

  /** A group; what is not known is null. */
  record Group(
      String group,
      Requests requests,
      @Nullable Double availability,
      @Nullable Budget budget,
      @Nullable String state,
      @Nullable String incident,
      List<Cause> causes) {
    private List<String> fields() {
      Budget left = budget;
      return List.of(
          group,
          state == null ? "-" : state,
          availability == null ? "not known" : SloText.percent(availability),
          left == null
              ? "-"
              : String.format(
                  Locale.ROOT,
                  "%.0f %% (%.0f requests)",
                  100 * left.remainingRatio(),
                  left.remaining()),
          requests.bad() + " bad of " + requests.total(),
          causes.isEmpty() ? "-" : causes.getFirst().step(),
          incident == null ? "-" : incident);
    }
  }

  record Requests(long total, long bad) {}

  record Budget(double remaining, double remainingRatio) {}

  record Cause(String step) {}

  /** Those of each objective that is counted by the attribute. */
  static List<SloGroups> of(
      ApiClient client, List<ObjectiveAnswer> objectives, String attribute, int limit) {
    List<SloGroups> found = new ArrayList<>();
    for (ObjectiveAnswer objective : objectives) {
      if (attribute.equals(objective.standing().groupBy())) {
        Answer answer =
            client.get(
                "/api/objectives/%s/groups?limit=%d"
                    .formatted(URLEncoder.encode(objective.name(), UTF_8), limit));
        found.add(new SloGroups(answer.document(), answer.as(Page.class)));
      }
    }
    if (found.isEmpty()) {
      List<String> known =
          objectives.stream()
              .map(objective -> objective.standing().groupBy())
              .filter(Objects::nonNull)
              .distinct()
              .toList();
      throw CommandException.usage(
          known.isEmpty()
              ? "no objective is counted by '%s': none has groupBy in its file".formatted(attribute)
              : "no objective is counted by '%s', expected one of %s"
                  .formatted(attribute, String.join(", ", known)));
    }
    return found;
  }

  /** A heading and a table. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s by %s: %d of %d groups, worst first%s"
            .formatted(
                page.objective(),
                page.attribute(),
                page.groups().size(),
                page.counted(),
                page.note() == null ? "" : "; " + page.note()));
    if (!page.groups().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(
          List.of(
              "GROUP", "STATE", "AVAILABILITY", "BUDGET LEFT", "REQUESTS", "WHERE", "INCIDENT"));
      page.groups().forEach(group -> rows.add(group.fields()));
      lines.addAll(SloText.aligned(rows));
    }
    return lines;
  }
}
