package dev.troth.server.registry;

import dev.troth.contracts.compatibility.Mode;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Json;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.Setting;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Usage;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Levels, modes and contexts as Confluent's clients ask for them, below a prefix. */
public final class SettingRoutes extends ConfluentRoutes {
  private static final List<String> KNOWN =
      List.of("compatibility", "normalize", "compatibilityGroup");

  private final Registry registry;
  private final Levels levels;
  private final String prefix;
  private final String version;

  /**
   * Routes of a registry.
   *
   * @param prefix of every path, such as {@code /registry}; empty on a listener of its own
   * @param version of this program
   */
  public SettingRoutes(Registry registry, Levels levels, String prefix, String version) {
    this.registry = registry;
    this.levels = levels;
    this.prefix = prefix;
    this.version = version;
  }

  @Override
  public void addTo(HttpRules rules) {
    Paths paths = new Paths(rules);
    paths
        .get(prefix + "/contexts", answering(request -> registry.contexts(), "offset", "limit"))
        .delete(prefix + "/contexts/{context}", answering(this::deleteContext))
        .get(prefix + "/v1/metadata/id", answering(request -> id()))
        .get(
            prefix + "/v1/metadata/version",
            answering(request -> Map.of("version", version, "commitId", "")));
    addTo(paths, prefix);
    addTo(paths, prefix + "/contexts/{context}");
  }

  private void addTo(Paths paths, String base) {
    paths
        .get(base + "/config", answering(this::config, "defaultToGlobal"))
        .put(base + "/config", answering(request -> setConfig(request, above(request))))
        .delete(base + "/config", answering(request -> removeConfig(request, above(request))))
        .get(base + "/config/{subject}", answering(this::configOf, "defaultToGlobal", "alias"))
        .put(base + "/config/{subject}", answering(request -> setConfig(request, subject(request))))
        .delete(
            base + "/config/{subject}",
            answering(request -> removeConfig(request, subject(request))))
        .get(base + "/mode", answering(this::mode, "defaultToGlobal"))
        .put(base + "/mode", answering(request -> use(request, above(request)), "force"))
        .delete(base + "/mode", answering(request -> removeMode(request, above(request))))
        .get(base + "/mode/{subject}", answering(this::modeOf, "defaultToGlobal"))
        .put(
            base + "/mode/{subject}", answering(request -> use(request, subject(request)), "force"))
        .delete(
            base + "/mode/{subject}", answering(request -> removeMode(request, subject(request))));
  }

  private static Map<String, Object> id() {
    Map<String, Object> id = new LinkedHashMap<>();
    id.put(
        "scope", Map.of("path", List.of(), "clusters", Map.of("schema-registry-cluster", "troth")));
    id.put("id", "");
    return id;
  }

  /** The context of the path as a whole, or everything. */
  private static SubjectName above(ServerRequest request) {
    return context(request).map(SubjectName::ofContext).orElseGet(Levels::everywhere);
  }

  private Object config(ServerRequest request) {
    return config(levels.effective(above(request)), "compatibilityLevel");
  }

  private static Map<String, Object> config(Setting setting, String levelName) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put(levelName, setting.level().orElse(Registry.USUAL).name());
    setting.normalize().ifPresent(on -> config.put("normalize", on));
    setting.group().ifPresent(group -> config.put("compatibilityGroup", group));
    return config;
  }

  private Object configOf(ServerRequest request) {
    SubjectName subject = subject(request);
    Setting setting =
        flag(request, "defaultToGlobal") ? levels.effective(subject) : levels.own(subject);
    if (!flag(request, "defaultToGlobal") && !setting.hasConfig()) {
      throw RegistryException.noLevel(subject);
    }
    return config(setting, "compatibilityLevel");
  }

  private Object setConfig(ServerRequest request, SubjectName of) {
    String actor = writer(request, of);
    JsonNode given = object(request, "compatibility");
    for (String member : given.propertyNames()) {
      if (!KNOWN.contains(member) && !given.path(member).isNull()) {
        throw RegistryException.notPermitted(
            "'%s' is not supported, expected one of %s".formatted(member, KNOWN));
      }
    }
    JsonNode level = given.path("compatibility");
    JsonNode normalize = given.path("normalize");
    JsonNode group = given.path("compatibilityGroup");
    Setting asked =
        new Setting(
            level.isMissingNode() || level.isNull()
                ? Optional.empty()
                : Optional.of(level(level.asString(""))),
            normalize.isBoolean() ? Optional.of(normalize.asBoolean()) : Optional.empty(),
            group.isString() && !group.asString().isEmpty()
                ? Optional.of(group.asString())
                : Optional.empty(),
            Optional.empty());
    if (!asked.hasConfig()) {
      throw RegistryException.invalidLevel("");
    }
    if (!of.name().isEmpty()) {
      of.requireValid();
    }
    levels.change(of, asked, actor);
    Map<String, Object> answer = new LinkedHashMap<>();
    asked.level().ifPresent(set -> answer.put("compatibility", set.name()));
    asked.normalize().ifPresent(on -> answer.put("normalize", on));
    asked.group().ifPresent(set -> answer.put("compatibilityGroup", set));
    return answer;
  }

  private static Mode level(String name) {
    try {
      return Mode.named(name);
    } catch (IllegalArgumentException e) {
      throw RegistryException.invalidLevel(name);
    }
  }

  private static JsonNode object(ServerRequest request, String member) {
    try {
      return Json.mapper().readTree(Json.body(request));
    } catch (JacksonException e) {
      throw member.equals("mode")
          ? RegistryException.invalidMode("")
          : RegistryException.invalidLevel("");
    }
  }

  private Object removeConfig(ServerRequest request, SubjectName of) {
    return config(levels.removeConfig(of, writer(request, of)), "compatibilityLevel");
  }

  /** What is set for one subject is its members' matter; the rest is for administrators. */
  private static String writer(ServerRequest request, SubjectName of) {
    return actor(request, of.name().isEmpty() ? Role.ADMIN : Role.MEMBER);
  }

  private Object mode(ServerRequest request) {
    return mode(levels.effective(above(request)).usage().orElse(Usage.READWRITE));
  }

  private static Map<String, Object> mode(Usage usage) {
    return Map.of("mode", usage.name());
  }

  private Object modeOf(ServerRequest request) {
    SubjectName subject = subject(request);
    if (flag(request, "defaultToGlobal")) {
      return mode(levels.effective(subject).usage().orElse(Usage.READWRITE));
    }
    return mode(levels.own(subject).usage().orElseThrow(() -> RegistryException.noMode(subject)));
  }

  private Object use(ServerRequest request, SubjectName of) {
    String actor = actor(request, Role.ADMIN);
    String name = object(request, "mode").path("mode").asString("");
    if (!of.name().isEmpty()) {
      of.requireValid();
    }
    return mode(levels.use(of, Usage.named(name), flag(request, "force"), actor));
  }

  private Object removeMode(ServerRequest request, SubjectName of) {
    return mode(levels.removeUsage(of, actor(request, Role.ADMIN)));
  }

  private Object deleteContext(ServerRequest request) {
    String context = SubjectName.context(parameter(request, "context"));
    levels.removeContext(context, actor(request, Role.ADMIN));
    return Map.of();
  }
}
