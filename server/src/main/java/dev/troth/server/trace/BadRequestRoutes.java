package dev.troth.server.trace;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.trace.TraceQuery.Cursor;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code /api/objectives/{name}/requests}: the bad requests of an objective, newest first. */
public final class BadRequestRoutes implements Routes {
  private static final int PAGE = 50;
  private static final int MOST = 500;

  private final BadRequests service;
  private final Function<String, Optional<List<String>>> steps;
  private final Predicate<String> isGrouped;

  /**
   * @param steps the steps of an objective's chain, none if it has no chain; empty if there is no
   *     such objective
   * @param isGrouped whether an objective is counted by an attribute
   */
  public BadRequestRoutes(
      BadRequests service,
      Function<String, Optional<List<String>>> steps,
      Predicate<String> isGrouped) {
    this.service = service;
    this.isGrouped = isGrouped;
    this.steps = steps;
  }

  /** A bad request, as the API shows it. */
  private record Row(
      String trace,
      Instant startedAt,
      String root,
      String service,
      List<String> failed,
      List<String> missing,
      boolean slow,
      double millis,
      @Nullable String group) {
    static Row of(BadRequests.Found found) {
      BadView why = found.why();
      return new Row(
          found.trace(),
          found.start(),
          found.root(),
          found.service(),
          why.failed(),
          why.missing(),
          why.slow(),
          why.latencyMillis(),
          why.group());
    }
  }

  /** A page of the list. */
  private record Page(List<Row> requests, @Nullable String next) {}

  @Override
  public void addTo(HttpRules rules) {
    rules.get(
        "/api/objectives/{name}/requests",
        taking(this::list, "step", "group", "from", "to", "before", "limit"));
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String name = request.path().pathParameters().get("name");
    List<String> known =
        steps
            .apply(name)
            .orElseThrow(
                () -> Problem.notFound("there is no objective '%s'".formatted(name)).toException());
    int limit = Parameters.limit(request, PAGE, MOST);
    try {
      Optional<String> step = text(request, "step");
      if (step.filter(s -> !known.contains(s)).isPresent()) {
        throw new IllegalArgumentException(
            known.isEmpty()
                ? "step is '%s', but %s has no steps".formatted(step.get(), name)
                : "step is '%s', expected one of %s"
                    .formatted(step.get(), String.join(", ", known)));
      }
      BadRequests.Page page =
          service.of(
              new BadQuery(
                  name,
                  step,
                  group(request, name),
                  time(request, "from"),
                  time(request, "to"),
                  text(request, "before").map(Cursor::parse)),
              limit);
      Json.send(response, new Page(page.requests().stream().map(Row::of).toList(), page.next()));
    } catch (IllegalArgumentException wrong) {
      throw Problem.badRequest(String.valueOf(wrong.getMessage())).toException();
    }
  }

  private Optional<String> group(ServerRequest request, String name) {
    Optional<String> group = text(request, "group");
    if (group.isPresent() && !isGrouped.test(name)) {
      throw new IllegalArgumentException(
          "group is '%s', but %s has no groups".formatted(group.get(), name));
    }
    return group;
  }

  private static Optional<String> text(ServerRequest request, String name) {
    return Optional.of(Parameters.text(request, name, "")).filter(value -> !value.isEmpty());
  }

  private static Optional<Instant> time(ServerRequest request, String name) {
    Optional<String> text = text(request, name);
    try {
      return text.map(Instant::parse);
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException(
          "%s is '%s', expected a time such as 2026-01-31T09:30:00Z".formatted(name, text.get()),
          wrong);
    }
  }
}
