package dev.troth.observe.otlp;

import dev.troth.observe.discovery.Target;
import java.util.Map;

/** The parts that traces and metrics have in common: resource, scope, attributes. */
final class Scope {
  private static final String NAME = "dev.troth.observe";

  /** Of the agent. */
  private static final String VERSION = "0.1.0";

  private static final String SCHEMA = "https://opentelemetry.io/schemas/1.45.0";

  private Scope() {}

  static void resource(ProtoWriter out, Target target) {
    int resource = out.begin(1);
    for (Map.Entry<String, String> attribute : target.resource().entrySet()) {
      if (attribute.getKey().equals("process.pid")) {
        number(out, 1, "process.pid", target.process());
      } else {
        text(out, 1, attribute.getKey(), attribute.getValue());
      }
    }
    out.end(resource);
  }

  static void scope(ProtoWriter out) {
    int scope = out.begin(1);
    out.text(1, NAME);
    out.text(2, VERSION);
    out.end(scope);
  }

  static void schema(ProtoWriter out) {
    out.text(3, SCHEMA);
  }

  static void text(ProtoWriter out, int field, String key, String value) {
    int pair = out.begin(field);
    out.text(1, key);
    int any = out.begin(2);
    out.text(1, value);
    out.end(any);
    out.end(pair);
  }

  static void number(ProtoWriter out, int field, String key, long value) {
    int pair = out.begin(field);
    out.text(1, key);
    int any = out.begin(2);
    out.varint(3, value);
    out.end(any);
    out.end(pair);
  }
}
