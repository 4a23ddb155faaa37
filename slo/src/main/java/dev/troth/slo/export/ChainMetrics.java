package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.chain.AttributeTest;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Step;
import dev.troth.slo.objective.Deployment;
import dev.troth.slo.objective.Deployment.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The metrics that tell of a chain: the gateway's, the steps', and those that the team sends. */
final class ChainMetrics {
  /**
   * Requests answered below 500 although a step failed: 1 or 0 for each, so that none is silent.
   */
  static final String SWALLOWED = "SwallowedFailures";

  /** Entries that PutEvents refused, as the publisher saw them. */
  static final String FAILED_ENTRIES = "FailedEventEntries";

  static final String NAMESPACE = "MetricNamespace";

  private final Chain chain;
  private final Deployment deployment;
  private final Map<String, String> own;
  private final LogicalNames names;
  private final Map<String, Json> parameters = new LinkedHashMap<>();
  private final Map<String, String> parameterOf = new LinkedHashMap<>();

  /**
   * Those of a chain.
   *
   * @param name of the chain, the dimension of the team's own metrics
   */
  ChainMetrics(String name, Chain chain, Deployment deployment, LogicalNames names) {
    this.chain = chain;
    this.deployment = deployment;
    this.own = Map.of("Chain", name);
    this.names = names;
    names.name(NAMESPACE);
    parameters.put(
        NAMESPACE,
        Shape.object(
            "Type", "String",
            "Default", "Troth",
            "AllowedPattern", "[A-Za-z0-9][A-Za-z0-9._/#-]*",
            "Description",
                "The namespace in which the service sends %s and %s"
                    .formatted(SWALLOWED, FAILED_ENTRIES)));
    deployment.steps().forEach(this::parameter);
  }

  private void parameter(String step, Resource resource) {
    switch (resource) {
      case Resource.RestApi(String name) -> parameter(step, "Api", name, "the REST API");
      case Resource.HttpApi(String id) -> parameter(step, "ApiId", id, "the HTTP API");
      case Resource.Function(String name) -> parameter(step, "Function", name, "the function");
      case Resource.Table(String name, String _) -> parameter(step, "Table", name, "the table");
      case Resource.Bus _, Resource.Unmeasured _ -> {
        // what is published is counted by the publisher, under a name of the chain
      }
    }
  }

  private void parameter(String step, String what, String value, String words) {
    boolean said = step.toLowerCase(Locale.ROOT).endsWith(what.toLowerCase(Locale.ROOT));
    String name = said ? names.name(step, "Name") : names.name(step, what);
    parameterOf.put(step, "${" + name + "}");
    parameters.put(
        name,
        Shape.object(
            "Type",
            "String",
            "Default",
            value,
            "AllowedPattern",
            "[A-Za-z0-9][A-Za-z0-9 ._/-]*",
            "Description",
            "The name of %s that is the step '%s'".formatted(words, step)));
  }

  /** The parameters of the template, so that one serves several stages. */
  Map<String, Json> parameters() {
    return parameters;
  }

  private String parameter(Step step) {
    return java.util.Objects.requireNonNull(parameterOf.get(step.name()));
  }

  private Step entry() {
    return chain.steps().getFirst();
  }

  private Optional<Resource> resource(Step step) {
    return Optional.ofNullable(deployment.steps().get(step.name()));
  }

  /** Why the chain cannot be counted by these metrics. */
  List<String> refusals() {
    List<String> refusals = new ArrayList<>();
    Resource first = resource(entry()).orElseThrow();
    if (!(first instanceof Resource.RestApi) && !(first instanceof Resource.HttpApi)) {
      refusals.add(
          "the entry '%s' is no API of API Gateway: the metrics of other services count attempts, not requests"
              .formatted(entry().name()));
    }
    for (AttributeTest test : entry().ignoreWhen()) {
      if (!isClientError(test)) {
        refusals.add(
            "the entry '%s' ignores requests by %s, but CloudWatch counts statuses by their class alone: only 400 to 499 can be left out"
                .formatted(entry().name(), test));
      }
    }
    return refusals;
  }

  private static boolean isClientError(AttributeTest test) {
    return test instanceof AttributeTest.Within(String attribute, double atLeast, double below)
        && attribute.equals("http.response.status_code")
        && atLeast == 400
        && below == 500;
  }

  boolean ignoresClientErrors() {
    return !entry().ignoreWhen().isEmpty();
  }

  private Metric gateway(String id, String restName, String httpName, String stat) {
    boolean rest = resource(entry()).orElseThrow() instanceof Resource.RestApi;
    return new Metric(
        id,
        "AWS/ApiGateway",
        rest ? restName : httpName,
        Map.of(rest ? "ApiName" : "ApiId", parameter(entry())),
        stat);
  }

  Metric requests(String id) {
    return gateway(id, "Count", "Count", "SampleCount");
  }

  Metric clientErrors() {
    return gateway("clientErrors", "4XXError", "4xx", "Sum");
  }

  Metric serverErrors() {
    return gateway("serverErrors", "5XXError", "5xx", "Sum");
  }

  Metric latency(String id, String stat) {
    return gateway(id, "Latency", "Latency", stat);
  }

  Metric swallowed() {
    return new Metric("swallowed", "${" + NAMESPACE + "}", SWALLOWED, own, "Sum");
  }

  Metric failedEntries() {
    return new Metric("failedEntries", "${" + NAMESPACE + "}", FAILED_ENTRIES, own, "Sum");
  }

  /** What each step of a kind counts; ids are numbered over the chain. */
  List<Metric> functions() {
    List<Metric> metrics = new ArrayList<>();
    for (Step step : chain.steps()) {
      if (resource(step).orElseThrow() instanceof Resource.Function) {
        int n = metrics.size() / 2 + 1;
        Map<String, String> dimensions = Map.of("FunctionName", parameter(step));
        metrics.add(new Metric("errors" + n, "AWS/Lambda", "Errors", dimensions, "Sum"));
        metrics.add(new Metric("throttles" + n, "AWS/Lambda", "Throttles", dimensions, "Sum"));
      }
    }
    return metrics;
  }

  /** Attempts that a table failed or throttled: evidence of trouble, and no count of requests. */
  List<Metric> tables() {
    List<Metric> metrics = new ArrayList<>();
    for (Step step : chain.steps()) {
      if (resource(step).orElseThrow() instanceof Resource.Table(String _, String operation)) {
        int n = metrics.size() / 2 + 1;
        Map<String, String> dimensions = new LinkedHashMap<>();
        dimensions.put("TableName", parameter(step));
        dimensions.put("Operation", operation);
        metrics.add(
            new Metric("tableErrors" + n, "AWS/DynamoDB", "SystemErrors", dimensions, "Sum"));
        metrics.add(
            new Metric(
                "tableThrottles" + n, "AWS/DynamoDB", "ThrottledRequests", dimensions, "Sum"));
      }
    }
    return metrics;
  }

  boolean publishes() {
    return deployment.steps().values().stream().anyMatch(Resource.Bus.class::isInstance);
  }
}
