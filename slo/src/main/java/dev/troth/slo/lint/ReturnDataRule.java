package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Query;
import dev.troth.slo.cloudformation.Watched;
import dev.troth.slo.cloudformation.Watched.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Of the metrics that an alarm or objective reads together, exactly one returns data. */
final class ReturnDataRule implements Rule {
  @Override
  public void check(Subject subject, List<Finding> findings) {
    Watched watched = subject.watched();
    if (watched.kind() == Kind.CHART) {
      return;
    }
    twice(watched, findings);
    // Of an alarm on an anomaly, the metric and its band return data.
    if (watched.queries().size() < 2 || watched.band().isPresent()) {
      return;
    }
    long returned = watched.queries().stream().filter(q -> q.returnData().orElse(true)).count();
    if (returned == 0) {
      findings.add(
          Finding.error(
              "alarm/return-data",
              watched.place(),
              watched.name()
                  + " returns no data: ReturnData is false everywhere, expected true once",
              "set ReturnData: true at the expression that is watched"));
    }
    if (returned < 2) {
      return;
    }
    boolean oneSaidSo =
        watched.queries().stream().filter(q -> q.returnData().orElse(false)).count() == 1;
    for (Query query : watched.queries()) {
      if (query.returnData().isEmpty()) {
        findings.add(
            Finding.error(
                "alarm/return-data",
                query.place(),
                query.name()
                    + " has no ReturnData, which means true; %d of %s return data, expected one"
                        .formatted(returned, watched.name()),
                oneSaidSo || !isWatched(subject, query)
                    ? "add ReturnData: false"
                    : "add ReturnData: true here and false to the others"));
      } else if (query.returnData().get() && !oneSaidSo) {
        findings.add(
            Finding.error(
                "alarm/return-data",
                query.place(),
                query.name()
                    + " is one of %d of %s that return data, expected one"
                        .formatted(returned, watched.name()),
                "set ReturnData: true at the expression that is watched alone"));
      }
    }
  }

  private static boolean isWatched(Subject subject, Query query) {
    return subject.watched().returned().contains(query);
  }

  private static void twice(Watched watched, List<Finding> findings) {
    Map<String, Query> ids = new HashMap<>();
    for (Query query : watched.queries()) {
      if (query.id().isPresent() && ids.put(query.id().get(), query) != null) {
        findings.add(
            Finding.error(
                "alarm/id",
                query.place(),
                "the id " + query.name() + " is given twice in " + watched.name(),
                "give each metric and expression an id of its own"));
      }
    }
  }
}
