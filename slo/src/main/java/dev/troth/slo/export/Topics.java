package dev.troth.slo.export;

import dev.troth.json.Json;
import java.util.Map;

/** Where pages and tickets go: topics that are parameters, and may be left away. */
final class Topics {
  static final String PAGE = "PageTopic";
  static final String TICKET = "TicketTopic";

  private Topics() {}

  static void parameters(Map<String, Json> parameters) {
    parameters.put(PAGE, parameter("pages"));
    parameters.put(TICKET, parameter("tickets"));
  }

  private static Json parameter(String what) {
    return Shape.object(
        "Type", "String",
        "Default", "",
        "Description", "ARN of the SNS topic for %s; empty for none".formatted(what));
  }

  static Json conditions() {
    return Shape.object("Has" + PAGE, given(PAGE), "Has" + TICKET, given(TICKET));
  }

  private static Json given(String parameter) {
    return Shape.object(
        "Fn::Not", Shape.list(Shape.object("Fn::Equals", Shape.list(Shape.ref(parameter), ""))));
  }

  /** {@code Page} and {@code Ticket} tell that they began and that they ended. */
  static void actions(Map<String, Json> members, String what) {
    String topic = what + "Topic";
    Json actions =
        Shape.object(
            "Fn::If",
            Shape.list("Has" + topic, Shape.list(Shape.ref(topic)), Shape.ref("AWS::NoValue")));
    members.put("AlarmActions", actions);
    members.put("OKActions", actions);
  }
}
