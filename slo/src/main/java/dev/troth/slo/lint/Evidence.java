package dev.troth.slo.lint;

import dev.troth.json.file.Location;
import dev.troth.slo.cloudformation.MetricStat;
import dev.troth.slo.cloudformation.Query;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Watched;
import dev.troth.slo.objective.Deployment;
import dev.troth.slo.objective.Deployment.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which services a chain passes, as far as the files that were read together say it. */
final class Evidence {
  /** Resources that show that a request passes a service. */
  private static final Map<String, String> RESOURCES =
      Map.of(
          "AWS::DynamoDB::Table", "AWS/DynamoDB",
          "AWS::DynamoDB::GlobalTable", "AWS/DynamoDB",
          "AWS::Serverless::SimpleTable", "AWS/DynamoDB",
          "AWS::Events::EventBus", "AWS/Events");

  private final List<Fact> facts = new ArrayList<>();

  /**
   * A service of a chain.
   *
   * @param names what else is named with it: the API, the function, the table
   */
  private record Fact(
      String namespace,
      Location place,
      String what,
      Set<String> names,
      Set<Watched> sameTemplate) {}

  /** Where a service is named, and as what. */
  record Seen(Location place, String what) {}

  void add(Template template, List<Watched> watched) {
    Set<Watched> all = new HashSet<>(watched);
    for (Template.Resource resource : template.resources().values()) {
      resource
          .type()
          .map(RESOURCES::get)
          .ifPresent(namespace ->
              facts.add(
                  new Fact(
                      namespace,
                      resource.body().keyPlace(),
                      "the template has the resource " + resource.name(),
                      Set.of(),
                      all)));
    }
    for (Watched one : watched) {
      Set<String> names = names(one);
      for (Query query : one.queries()) {
        query
            .stat()
            .ifPresent(stat ->
                facts.add(
                    new Fact(
                        stat.namespace(),
                        stat.place(),
                        one.name() + " reads " + stat.name() + named(stat),
                        names,
                        Set.of())));
      }
    }
  }

  /** An objective whose file says where its steps run. */
  void add(Location place, String objective, Deployment deployment) {
    Set<String> names = new HashSet<>();
    Map<String, String> services = new LinkedHashMap<>();
    deployment
        .steps()
        .forEach((step, resource) -> {
          switch (resource) {
            case Resource.RestApi(String name) -> names.add("ApiName=" + name);
            case Resource.HttpApi(String id) -> names.add("ApiId=" + id);
            case Resource.Function(String name) -> names.add("FunctionName=" + name);
            case Resource.Table(String name, String _) -> {
              names.add("TableName=" + name);
              services.put("AWS/DynamoDB", step);
            }
            case Resource.Bus _ -> services.put("AWS/Events", step);
            case Resource.Unmeasured _ -> {
              // no metric, no name
            }
          }
        });
    services.forEach((namespace, step) ->
        facts.add(
            new Fact(
                namespace,
                place,
                "the objective %s has the step '%s'".formatted(objective, step),
                names,
                Set.of())));
  }

  private static String named(MetricStat stat) {
    return stat.dimensions().isEmpty() ? "" : " of " + new TreeMap<>(stat.dimensions());
  }

  /** Names of the account's own things, but for those that only the deployment knows. */
  private static Set<String> names(Watched watched) {
    Set<String> names = new HashSet<>();
    for (Query query : watched.queries()) {
      query
          .stat()
          .ifPresent(stat ->
              stat.dimensions()
                  .forEach((key, value) -> {
                    if (!value.equals("${?}") && !key.equals("Operation") && !key.equals("Stage")) {
                      names.add(key + "=" + value);
                    }
                  }));
    }
    return names;
  }

  /** Where some other place says that the chain passes a service. */
  Optional<Seen> of(Watched watched, String namespace) {
    Set<String> names = names(watched);
    return facts.stream()
        .filter(fact -> fact.namespace().equals(namespace))
        .filter(fact ->
            fact.sameTemplate().contains(watched)
                || fact.names().stream().anyMatch(names::contains))
        .findFirst()
        .map(fact -> new Seen(fact.place(), fact.what()));
  }
}
