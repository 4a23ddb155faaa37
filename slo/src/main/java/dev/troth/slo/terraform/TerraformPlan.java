package dev.troth.slo.terraform;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.SourceFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan or state as {@code terraform show -json} prints it, turned into a template whose values
 * stand where the plan has them (Terraform documentation, "JSON Output Format").
 *
 * <p>What is known after the apply alone stays open, as a reference is in a template.
 */
public final class TerraformPlan {
  /** Resources that say which services a chain passes. */
  private static final Map<String, String> EVIDENCE =
      Map.of(
          "aws_dynamodb_table", "AWS::DynamoDB::Table",
          "aws_cloudwatch_event_bus", "AWS::Events::EventBus");

  private static final int DEEPEST = 100;

  private final SourceFile plan;
  private final Map<String, Json> unknown = new LinkedHashMap<>();
  private final Map<String, Json> resources = new LinkedHashMap<>();
  private final Map<String, String> lines = new LinkedHashMap<>();
  private final List<Json> alarms = new ArrayList<>();

  private TerraformPlan(SourceFile plan) {
    this.plan = plan;
  }

  /** The template that a document comes to; empty if it is no plan or state. */
  public static Optional<SourceFile> asTemplate(SourceFile document) {
    if (!(document.json() instanceof Json.Obj root) || root.get("format_version").isEmpty()) {
      return Optional.empty();
    }
    for (String values : List.of("planned_values", "values")) {
      if (root.get(values).orElse(Json.Null.NULL) instanceof Json.Obj planned) {
        return Optional.of(
            new TerraformPlan(document).template(root, planned, JsonPointer.child("", values)));
      }
    }
    return Optional.empty();
  }

  private SourceFile template(Json.Obj root, Json.Obj planned, String pointer) {
    changes(root);
    planned
        .get("root_module")
        .ifPresent(module -> module(module, JsonPointer.child(pointer, "root_module"), 0));
    // In which order Terraform creates alarms stands in its configuration, not in the values.
    Map<String, Json> ordered = new LinkedHashMap<>();
    resources.forEach((name, resource) -> ordered.put(name, afterAllAlarms(name, resource)));
    return new SourceFile(
        plan.place("").file(), new Json.Obj(Map.of("Resources", new Json.Obj(ordered))), lines);
  }

  private Json afterAllAlarms(String name, Json resource) {
    Json.Obj read = (Json.Obj) resource;
    if (!read.text("Type").orElse("").equals("AWS::CloudWatch::CompositeAlarm")) {
      return resource;
    }
    Map<String, Json> members = new LinkedHashMap<>(read.members());
    members.put(
        "DependsOn",
        new Json.Arr(alarms.stream().filter(a -> !a.equals(new Json.Str(name))).toList()));
    return new Json.Obj(members);
  }

  /** What each resource will know after the apply alone. */
  private void changes(Json.Obj root) {
    if (root.get("resource_changes").orElse(Json.Null.NULL) instanceof Json.Arr changes) {
      for (Json item : changes.items()) {
        if (item instanceof Json.Obj change
            && change.get("change").orElse(Json.Null.NULL) instanceof Json.Obj what) {
          what.get("after_unknown")
              .ifPresent(open -> unknown.put(change.text("address").orElse(""), open));
        }
      }
    }
  }

  private void module(Json json, String pointer, int depth) {
    if (!(json instanceof Json.Obj module) || depth > DEEPEST) {
      return;
    }
    each(module, "resources", pointer, this::resource);
    each(module, "child_modules", pointer, (child, at) -> module(child, at, depth + 1));
  }

  @FunctionalInterface
  private interface Visitor {
    void visit(Json json, String pointer);
  }

  private static void each(Json.Obj around, String name, String pointer, Visitor visitor) {
    if (around.get(name).orElse(Json.Null.NULL) instanceof Json.Arr list) {
      String at = JsonPointer.child(pointer, name);
      for (int i = 0; i < list.items().size(); i++) {
        visitor.visit(list.items().get(i), JsonPointer.child(at, i));
      }
    }
  }

  private void resource(Json json, String pointer) {
    if (!(json instanceof Json.Obj resource)
        || !(resource.get("values").orElse(Json.Null.NULL) instanceof Json.Obj values)) {
      return;
    }
    String address = resource.text("address").orElse("");
    Translation translation =
        new Translation(
            plan,
            lines,
            JsonPointer.child(pointer, "values"),
            JsonPointer.child(JsonPointer.child("/Resources", address), "Properties"));
    Json.Obj known = (Json.Obj) Translation.overlaid(values, unknown.get(address), 0);
    String type = resource.text("type").orElse("");
    switch (type) {
      case "aws_cloudwatch_metric_alarm" -> {
        alarms.add(new Json.Str(address));
        add(address, pointer, "AWS::CloudWatch::Alarm", translation.alarm(known));
      }
      case "aws_cloudwatch_composite_alarm" -> {
        alarms.add(new Json.Str(address));
        add(address, pointer, "AWS::CloudWatch::CompositeAlarm", translation.composite(known));
      }
      case "aws_cloudwatch_dashboard" ->
          add(address, pointer, "AWS::CloudWatch::Dashboard", translation.dashboard(known));
      default -> {
        String evidence = EVIDENCE.get(type);
        if (evidence != null) {
          add(address, pointer, evidence, new Json.Obj(Map.of()));
        }
      }
    }
  }

  private void add(String address, String pointer, String type, Json properties) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("Type", new Json.Str(type));
    members.put("Properties", properties);
    resources.put(address, new Json.Obj(members));
    Translation.place(plan, lines, JsonPointer.child("/Resources", address), pointer);
  }
}
