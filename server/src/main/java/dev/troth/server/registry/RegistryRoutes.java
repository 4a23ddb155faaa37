package dev.troth.server.registry;

import dev.troth.contracts.compatibility.Mode;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import dev.troth.server.registry.RegistryStore.Registered;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;

/** The registry as Confluent's clients ask for it, below a prefix. */
public final class RegistryRoutes implements Routes {
  private static final String TYPE = "application/vnd.schemaregistry.v1+json";

  private final Registry registry;
  private final String prefix;

  /**
   * Routes of a registry.
   *
   * @param prefix of every path, such as {@code /registry}; empty on a listener of its own
   */
  public RegistryRoutes(Registry registry, String prefix) {
    this.registry = registry;
    this.prefix = prefix;
  }

  @Override
  public void addTo(HttpRules rules) {
    String subject = prefix + "/subjects/{subject}";
    String version = subject + "/versions/{version}";
    String compatibility = prefix + "/compatibility/subjects/{subject}/versions";
    rules
        .get(prefix.isEmpty() ? "/" : prefix, answering(request -> Map.of()))
        .get(
            prefix + "/subjects",
            answering(request -> registry.subjects(Parameters.text(request, "subjectPrefix", ""))))
        .post(subject, answering(this::lookup))
        .get(subject + "/versions", answering(request -> registry.versions(subject(request))))
        .post(subject + "/versions", answering(this::register))
        .get(version, answering(request -> document(version(request))))
        .get(version + "/schema", this::text)
        .get(prefix + "/schemas/types", answering(request -> List.of("JSON", "AVRO")))
        .get(prefix + "/schemas/ids/{id}", answering(request -> first(request).document()))
        .get(prefix + "/schemas/ids/{id}/schema", this::textOfId)
        .get(prefix + "/schemas/ids/{id}/subjects", answering(this::subjectsOfId))
        .get(prefix + "/schemas/ids/{id}/versions", answering(this::versionsOfId))
        .post(compatibility, answering(this::testAll))
        .post(compatibility + "/{version}", answering(this::testOne))
        .get(prefix + "/config", answering(this::config))
        .put(prefix + "/config", answering(request -> setLevel(request, false)))
        .delete(prefix + "/config", answering(request -> removeLevel(request, false)))
        .get(prefix + "/config/{subject}", answering(this::configOf))
        .put(prefix + "/config/{subject}", answering(request -> setLevel(request, true)))
        .delete(prefix + "/config/{subject}", answering(request -> removeLevel(request, true)))
        .get(prefix + "/mode", answering(request -> Map.of("mode", "READWRITE")));
  }

  /** What a route answers. */
  @FunctionalInterface
  private interface Answering {
    Object answer(ServerRequest request);
  }

  private static Handler answering(Answering route) {
    return (request, response) -> {
      var _ = Callers.require(request, Role.READER);
      try {
        send(response, 200, route.answer(request));
      } catch (RegistryException e) {
        refuse(response, e);
      }
    };
  }

  private static void refuse(ServerResponse response, RegistryException e) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("error_code", e.code());
    error.put("message", String.valueOf(e.getMessage()));
    send(response, e.status(), error);
  }

  private static void send(ServerResponse response, int status, Object value) {
    response.status(status).header(HeaderNames.CONTENT_TYPE, TYPE);
    response.send(Json.mapper().writeValueAsBytes(value));
  }

  private static String subject(ServerRequest request) {
    return request.path().pathParameters().get("subject");
  }

  private static String actor(ServerRequest request) {
    return Callers.require(request, Role.MEMBER).user();
  }

  private Registered version(ServerRequest request) {
    return registry.version(subject(request), request.path().pathParameters().get("version"));
  }

  private static Map<String, Object> document(Registered registered) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("subject", registered.subject());
    document.put("version", registered.version());
    document.put("id", registered.id());
    document.putAll(registered.schema().document());
    return document;
  }

  private Object lookup(ServerRequest request) {
    return document(registry.lookup(subject(request), Submission.of(Json.body(request))));
  }

  private Object register(ServerRequest request) {
    Registered registered =
        registry.register(
            subject(request), Submission.of(Json.body(request)), actor(request), Registry.USUAL);
    return Map.of("id", registered.id());
  }

  private List<Registered> ofId(ServerRequest request) {
    String id = request.path().pathParameters().get("id");
    boolean number = id.matches("\\d{1,9}");
    if (!number) {
      throw RegistryException.noSchema();
    }
    return registry.ofSchema(Integer.parseInt(id));
  }

  private Submission first(ServerRequest request) {
    return ofId(request).getFirst().schema();
  }

  private Object subjectsOfId(ServerRequest request) {
    return ofId(request).stream().map(Registered::subject).distinct().toList();
  }

  private Object versionsOfId(ServerRequest request) {
    List<Object> versions = new ArrayList<>();
    for (Registered registered : ofId(request)) {
      Map<String, Object> version = new LinkedHashMap<>();
      version.put("subject", registered.subject());
      version.put("version", registered.version());
      versions.add(version);
    }
    return versions;
  }

  private void text(ServerRequest request, ServerResponse response) {
    text(response, request, () -> version(request).schema().text());
  }

  private void textOfId(ServerRequest request, ServerResponse response) {
    text(response, request, () -> first(request).text());
  }

  private static void text(ServerResponse response, ServerRequest request, Supplier<String> text) {
    var _ = Callers.require(request, Role.READER);
    try {
      String schema = text.get();
      response.header(HeaderNames.CONTENT_TYPE, TYPE).send(schema);
    } catch (RegistryException e) {
      refuse(response, e);
    }
  }

  private Object testAll(ServerRequest request) {
    return compatibility(
        request,
        registry.test(subject(request), Submission.of(Json.body(request)), Registry.USUAL));
  }

  private Object testOne(ServerRequest request) {
    return compatibility(
        request,
        registry.test(
            subject(request),
            request.path().pathParameters().get("version"),
            Submission.of(Json.body(request))));
  }

  private static Object compatibility(ServerRequest request, Registry.Compatibility compatibility) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("is_compatible", compatibility.compatible());
    if (Parameters.text(request, "verbose", "false").equals("true")) {
      answer.put("messages", compatibility.reasons());
    }
    return answer;
  }

  private Object config(ServerRequest request) {
    return Map.of("compatibilityLevel", registry.level(null).orElse(Registry.USUAL).name());
  }

  private Object configOf(ServerRequest request) {
    String subject = subject(request);
    boolean fallBack = Parameters.text(request, "defaultToGlobal", "false").equals("true");
    Mode level =
        registry
            .level(subject)
            .or(() ->
                fallBack
                    ? registry.level(null).or(() -> Optional.of(Registry.USUAL))
                    : Optional.empty())
            .orElseThrow(() -> RegistryException.noLevel(subject));
    return Map.of("compatibilityLevel", level.name());
  }

  private Object setLevel(ServerRequest request, boolean ofSubject) {
    String level;
    try {
      level = Json.mapper().readTree(Json.body(request)).path("compatibility").asString("");
    } catch (JacksonException e) {
      throw RegistryException.invalidLevel("");
    }
    Mode set = registry.level(ofSubject ? subject(request) : null, level, actor(request));
    return Map.of("compatibility", set.name());
  }

  private Object removeLevel(ServerRequest request, boolean ofSubject) {
    Mode removed = registry.removeLevel(ofSubject ? subject(request) : null, actor(request));
    return Map.of("compatibilityLevel", removed.name());
  }
}
