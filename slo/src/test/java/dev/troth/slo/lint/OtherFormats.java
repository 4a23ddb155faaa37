package dev.troth.slo.lint;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.slo.cloudformation.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The template of the tests as other tools write it. */
final class OtherFormats {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  private OtherFormats() {}

  static Json json(String yaml) {
    return Template.documents("t.yaml", yaml).read().getFirst().json();
  }

  /** Resources alone, with the one parameter that they use put in. */
  static String bareMap(String yaml) {
    Json.Obj root = (Json.Obj) json(yaml.replace("!Ref Stage", "test").replace("${Stage}", "test"));
    return JsonWriter.pretty(root.get("Resources").orElseThrow());
  }

  /** With metadata, a resource of the tool's own, and joins in place of substitutions. */
  static String cdk(String yaml) {
    Json.Obj root = (Json.Obj) json(yaml);
    Map<String, Json> members = new LinkedHashMap<>(root.members());
    Map<String, Json> resources = new LinkedHashMap<>();
    ((Json.Obj) root.get("Resources").orElseThrow())
        .members()
        .forEach((name, resource) -> {
          Map<String, Json> with = new LinkedHashMap<>(((Json.Obj) joined(resource)).members());
          with.put("Metadata", object("aws:cdk:path", new Json.Str("Shop/" + name + "/Resource")));
          resources.put(name, new Json.Obj(with));
        });
    resources.put(
        "CDKMetadata",
        object(
            "Type", new Json.Str("AWS::CDK::Metadata"),
            "Properties", object("Analytics", new Json.Str("v2:deflate64:x")),
            "Condition", new Json.Str("CDKMetadataAvailable")));
    members.put("Resources", new Json.Obj(resources));
    return JsonWriter.pretty(new Json.Obj(members));
  }

  private static Json object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }

  private static Json joined(Json json) {
    return switch (json) {
      case Json.Obj object
          when object.text("Fn::Sub").isPresent() && object.members().size() == 1 ->
          pieces(object.text("Fn::Sub").orElseThrow());
      case Json.Obj object -> {
        Map<String, Json> members = new LinkedHashMap<>();
        object.members().forEach((name, member) -> members.put(name, joined(member)));
        yield new Json.Obj(members);
      }
      case Json.Arr list -> new Json.Arr(list.items().stream().map(OtherFormats::joined).toList());
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> json;
    };
  }

  private static Json pieces(String text) {
    List<Json> pieces = new ArrayList<>();
    Matcher matcher = VARIABLE.matcher(text);
    int at = 0;
    while (matcher.find()) {
      pieces.add(new Json.Str(text.substring(at, matcher.start())));
      String name = matcher.group(1);
      boolean alarm = name.startsWith("Fast");
      pieces.add(
          alarm
              ? object("Fn::GetAtt", new Json.Arr(List.of(new Json.Str(name), new Json.Str("Arn"))))
              : object("Ref", new Json.Str(name)));
      at = matcher.end();
    }
    pieces.add(new Json.Str(text.substring(at)));
    return object("Fn::Join", new Json.Arr(List.of(new Json.Str(""), new Json.Arr(pieces))));
  }

  /** As {@code terraform show -json} prints the plan of the same alarms. */
  static String terraform(String yaml) {
    List<Json> resources = new ArrayList<>();
    List<Json> changes = new ArrayList<>();
    ((Json.Obj) ((Json.Obj) json(yaml)).get("Resources").orElseThrow())
        .members()
        .forEach((name, json) -> {
          Json.Obj resource = (Json.Obj) json;
          String type =
              switch (resource.text("Type").orElse("")) {
                case "AWS::CloudWatch::Alarm" -> "aws_cloudwatch_metric_alarm";
                case "AWS::CloudWatch::CompositeAlarm" -> "aws_cloudwatch_composite_alarm";
                case "AWS::CloudWatch::Dashboard" -> "aws_cloudwatch_dashboard";
                case "AWS::DynamoDB::Table" -> "aws_dynamodb_table";
                case "AWS::Events::EventBus" -> "aws_cloudwatch_event_bus";
                default -> "aws_api_gateway_rest_api";
              };
          Json.Obj properties = (Json.Obj) resource.get("Properties").orElseThrow();
          String address = type + "." + name;
          resources.add(
              object(
                  "address", new Json.Str(address),
                  "mode", new Json.Str("managed"),
                  "type", new Json.Str(type),
                  "values", values(properties)));
          changes.add(
              object(
                  "address",
                  new Json.Str(address),
                  "change",
                  object("after_unknown", unknown(properties))));
        });
    return JsonWriter.pretty(
        object(
            "format_version", new Json.Str("1.2"),
            "terraform_version", new Json.Str("1.9.8"),
            "planned_values", object("root_module", object("resources", new Json.Arr(resources))),
            "resource_changes", new Json.Arr(changes)));
  }

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("AlarmName", "alarm_name"),
          Map.entry("ComparisonOperator", "comparison_operator"),
          Map.entry("Threshold", "threshold"),
          Map.entry("EvaluationPeriods", "evaluation_periods"),
          Map.entry("TreatMissingData", "treat_missing_data"),
          Map.entry("AlarmRule", "alarm_rule"),
          Map.entry("DashboardBody", "dashboard_body"));

  private static Json values(Json.Obj properties) {
    Map<String, Json> values = new LinkedHashMap<>();
    // A provider writes what is not given, too.
    NAMES.values().forEach(name -> values.put(name, Json.Null.NULL));
    values.put("datapoints_to_alarm", Json.Num.of(0));
    values.put("alarm_actions", new Json.Arr(List.of()));
    values.put("metric_name", new Json.Str(""));
    values.put("metric_query", new Json.Arr(List.of()));
    NAMES.forEach((name, other) ->
        properties.get(name).flatMap(OtherFormats::text).ifPresent(v -> values.put(other, v)));
    if (properties.get("Metrics").orElse(Json.Null.NULL) instanceof Json.Arr metrics) {
      values.put(
          "metric_query", new Json.Arr(metrics.items().stream().map(OtherFormats::query).toList()));
    }
    return new Json.Obj(values);
  }

  /** The text of a value, its references put in; numbers stay. */
  private static Optional<Json> text(Json json) {
    return switch (json) {
      case Json.Obj object when object.text("Fn::Sub").isPresent() ->
          Optional.of(
              new Json.Str(
                  object
                      .text("Fn::Sub")
                      .orElseThrow()
                      .replace("${Stage}", "test")
                      .replace("${Fast}", "test-fast")
                      .replace("${Api}", "orders")
                      .replace("${AWS::Region}", "eu-west-1")));
      case Json.Obj object when object.get("Fn::Join").isPresent() ->
          Optional.of(new Json.Str("test-slow"));
      case Json.Obj object when object.text("Ref").filter("Stage"::equals).isPresent() ->
          Optional.of(new Json.Str("test"));
      case Json.Obj _, Json.Arr _ -> Optional.empty();
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> Optional.of(json);
    };
  }

  private static Json query(Json json) {
    Json.Obj query = (Json.Obj) json;
    Map<String, Json> values = new LinkedHashMap<>();
    values.put("id", query.get("Id").orElse(new Json.Str("")));
    values.put(
        "expression", query.get("Expression").flatMap(OtherFormats::text).orElse(new Json.Str("")));
    values.put("label", new Json.Str(""));
    values.put("return_data", query.get("ReturnData").orElse(Json.Null.NULL));
    List<Json> metric = new ArrayList<>();
    query.get("MetricStat").ifPresent(stat -> metric.add(metric((Json.Obj) stat)));
    values.put("metric", new Json.Arr(metric));
    return new Json.Obj(values);
  }

  private static Json metric(Json.Obj stat) {
    Json.Obj metric = (Json.Obj) stat.get("Metric").orElseThrow();
    Map<String, Json> values = new LinkedHashMap<>();
    values.put("namespace", metric.get("Namespace").orElseThrow());
    values.put("metric_name", metric.get("MetricName").orElseThrow());
    values.put("stat", stat.get("Stat").orElseThrow());
    values.put("period", stat.get("Period").orElse(Json.Null.NULL));
    values.put("unit", new Json.Str(""));
    values.put("dimensions", dimensions(metric, true));
    return new Json.Obj(values);
  }

  /** Either those that are known, or a flag for each that is not. */
  private static Json dimensions(Json.Obj metric, boolean known) {
    Map<String, Json> values = new LinkedHashMap<>();
    if (metric.get("Dimensions").orElse(Json.Null.NULL) instanceof Json.Arr list) {
      for (Json item : list.items()) {
        Json.Obj dimension = (Json.Obj) item;
        Optional<Json> text = dimension.get("Value").flatMap(OtherFormats::text);
        if (known && text.isPresent()) {
          values.put(dimension.text("Name").orElseThrow(), text.get());
        } else if (!known && text.isEmpty()) {
          values.put(dimension.text("Name").orElseThrow(), Json.Bool.TRUE);
        }
      }
    }
    return values.isEmpty() && known ? Json.Null.NULL : new Json.Obj(values);
  }

  private static Json unknown(Json.Obj properties) {
    Map<String, Json> open = new LinkedHashMap<>();
    open.put("id", Json.Bool.TRUE);
    if (properties.get("Metrics").orElse(Json.Null.NULL) instanceof Json.Arr metrics) {
      List<Json> queries = new ArrayList<>();
      for (Json item : metrics.items()) {
        Json.Obj query = (Json.Obj) item;
        List<Json> metric = new ArrayList<>();
        query
            .get("MetricStat")
            .flatMap(stat -> ((Json.Obj) stat).get("Metric"))
            .ifPresent(one -> metric.add(object("dimensions", dimensions((Json.Obj) one, false))));
        boolean text = query.get("Expression").filter(e -> text(e).isEmpty()).isPresent();
        queries.add(
            text ? object("expression", Json.Bool.TRUE) : object("metric", new Json.Arr(metric)));
      }
      open.put("metric_query", new Json.Arr(queries));
    }
    return new Json.Obj(open);
  }
}
