package dev.troth.slo.file;

import dev.troth.json.file.Section;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Step;
import dev.troth.slo.objective.Deployment;
import dev.troth.slo.objective.Deployment.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code cloudWatch}: which resource of AWS each step of a chain runs on. */
final class DeploymentReader {
  private static final List<String> WORDS =
      List.of("restApi", "httpApi", "function", "table", "bus", "unmeasured");

  private DeploymentReader() {}

  /** Every step has a resource, or says why it has none. */
  static Deployment read(Section entry, Chain chain) {
    entry.only(chain.steps().stream().map(Step::name).toArray(String[]::new));
    Map<String, Resource> steps = new LinkedHashMap<>();
    for (Step step : chain.steps()) {
      Section resource = entry.need(step.name());
      try {
        steps.put(step.name(), resource(resource));
      } catch (IllegalArgumentException wrong) {
        throw resource.wrong(wrong);
      }
    }
    return new Deployment(steps);
  }

  private static Resource resource(Section entry) {
    List<String> named = entry.keys().stream().filter(WORDS::contains).toList();
    if (named.size() != 1) {
      throw entry.wrong("exactly one of " + String.join(", ", WORDS));
    }
    String word = named.getFirst();
    if (word.equals("table")) {
      entry.only(word, "operation");
    } else {
      entry.only(word);
    }
    String name = entry.need(word).text();
    return switch (word) {
      case "restApi" -> new Resource.RestApi(name);
      case "httpApi" -> new Resource.HttpApi(name);
      case "function" -> new Resource.Function(name);
      case "table" -> new Resource.Table(name, entry.need("operation").text());
      case "bus" -> new Resource.Bus(name);
      default -> new Resource.Unmeasured(name);
    };
  }
}
