package dev.troth.slo.objective;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Where the steps of a chain run in AWS, by their names and in their order. */
public record Deployment(Map<String, Resource> steps) {
  public Deployment {
    steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
  }

  /** What a step runs on, and so which metrics of CloudWatch tell of it. */
  public sealed interface Resource {
    /** A REST API of API Gateway. */
    record RestApi(String name) implements Resource {
      public RestApi {
        checked("restApi", name);
      }
    }

    /** An HTTP API of API Gateway, by its id. */
    record HttpApi(String id) implements Resource {
      public HttpApi {
        checked("httpApi", id);
      }
    }

    /** A Lambda function. */
    record Function(String name) implements Resource {
      public Function {
        checked("function", name);
      }
    }

    /** One operation on a DynamoDB table. */
    record Table(String name, String operation) implements Resource {
      public Table {
        checked("table", name);
        checked("operation", operation);
      }
    }

    /** Publishing to a bus of EventBridge, as the publisher counts it. */
    record Bus(String name) implements Resource {
      public Bus {
        checked("bus", name);
      }
    }

    /** No metric of CloudWatch tells of it. */
    record Unmeasured(String reason) implements Resource {
      public Unmeasured {
        if (reason.isBlank()) {
          throw new IllegalArgumentException("unmeasured has no reason");
        }
      }
    }
  }

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._/-]{0,254}");

  private static void checked(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " is '"
              + name
              + "', expected 1 to 255 letters, digits, blanks, '.', '_', '/' or '-'");
    }
  }
}
