package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Alarms for what no burn rate shows: no data at all, and requests of which the service said
 * nothing.
 */
final class TelemetryAlarms {
  /** How long no request may come when the file does not say it. */
  static final Duration QUIET = Duration.ofHours(1);

  private static final int HOUR = 3_600;

  private TelemetryAlarms() {}

  static Map<String, Json> of(Objective objective, ChainMetrics chain, LogicalNames names) {
    Map<String, Json> resources = new LinkedHashMap<>();
    String silent = names.name(objective.name(), "NoData");
    String unseen = names.name(objective.name(), "Unseen");
    resources.put(silent, silent(objective, chain));
    resources.put(unseen, unseen(objective, chain));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(
        "AlarmName", Shape.sub("${AWS::StackName}-%s-Telemetry".formatted(objective.name())));
    members.put(
        "AlarmDescription",
        new Json.Str(
            "Telemetry of %s is lost: until it is back, its figure says nothing"
                .formatted(objective.name())));
    members.put(
        "AlarmRule", Shape.sub("ALARM(\"${%s}\") OR ALARM(\"${%s}\")".formatted(silent, unseen)));
    Topics.actions(members, "Ticket");
    resources.put(
        names.name(objective.name(), "Telemetry"),
        Shape.object(
            "Type", "AWS::CloudWatch::CompositeAlarm", "Properties", new Json.Obj(members)));
    return resources;
  }

  private static Json silent(Objective objective, ChainMetrics chain) {
    Duration quiet = objective.rules().alerts().lostAfter().orElse(QUIET);
    int period = (int) Math.min(86_400, Math.max(60, (quiet.toSeconds() + 59) / 60 * 60));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(
        "AlarmDescription", new Json.Str("No request reached the chain of " + objective.name()));
    members.putAll(chain.requests("").as("", "SampleCount").alone(period));
    members.put("ComparisonOperator", new Json.Str("LessThanThreshold"));
    members.put("Threshold", Json.Num.of(1));
    members.put("EvaluationPeriods", Json.Num.of(1));
    members.put("TreatMissingData", new Json.Str("breaching"));
    return alarm(members);
  }

  /** Each request that the gateway handed on is stated by the service, as 1 or 0. */
  private static Json unseen(Objective objective, ChainMetrics chain) {
    List<Json> queries = new ArrayList<>();
    queries.add(chain.requests("requests").query(HOUR, false));
    queries.add(chain.clientErrors().query(HOUR, false));
    queries.add(chain.serverErrors().query(HOUR, false));
    queries.add(chain.swallowed().as("stated", "SampleCount").query(HOUR, false));
    queries.add(
        Metric.expression(
            "unseen",
            "IF(requests > 0, (requests - clientErrors - serverErrors - stated) / requests)",
            true));
    Map<String, Json> members = new LinkedHashMap<>();
    double above = objective.rules().alerts().unknownAbove();
    members.put(
        "AlarmDescription",
        new Json.Str(
            "Of a share of the requests of %s above %s the service did not say whether its steps succeeded"
                .formatted(objective.name(), Shape.plain(above).toPlainString())));
    members.put("Metrics", new Json.Arr(queries));
    members.put("ComparisonOperator", new Json.Str("GreaterThanThreshold"));
    members.put("Threshold", new Json.Num(Shape.plain(above)));
    members.put("EvaluationPeriods", Json.Num.of(1));
    members.put("TreatMissingData", new Json.Str("ignore"));
    return alarm(members);
  }

  private static Json alarm(Map<String, Json> members) {
    return Shape.object("Type", "AWS::CloudWatch::Alarm", "Properties", new Json.Obj(members));
  }
}
