package dev.troth.server.registry;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submitted;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Subjects, versions and schemas as Confluent's clients ask for them, below a prefix. */
public final class RegistryRoutes extends ConfluentRoutes {
  private final Registry registry;
  private final Deletions deletions;
  private final String prefix;

  /**
   * Routes of a registry.
   *
   * @param prefix of every path, such as {@code /registry}; empty on a listener of its own
   */
  public RegistryRoutes(Registry registry, Deletions deletions, String prefix) {
    this.registry = registry;
    this.deletions = deletions;
    this.prefix = prefix;
  }

  @Override
  public void addTo(HttpRules rules) {
    Paths paths = new Paths(rules);
    paths
        .get(prefix.isEmpty() ? "/" : prefix, answering(request -> Map.of()))
        .get(prefix + "/schemas/types", answering(request -> List.of("JSON", "AVRO")))
        .get(prefix + "/schemas/guids/{guid}", answering(this::ofGuid, "format"))
        .get(prefix + "/schemas/guids/{guid}/ids", answering(this::idsOfGuid));
    addTo(paths, prefix);
    addTo(paths, prefix + "/contexts/{context}");
  }

  private void addTo(Paths paths, String base) {
    String subject = base + "/subjects/{subject}";
    String versions = subject + "/versions";
    String version = versions + "/{version}";
    String id = base + "/schemas/ids/{id}";
    String compatibility = base + "/compatibility/subjects/{subject}/versions";
    paths
        .get(
            base + "/subjects",
            answering(this::subjects, "subjectPrefix", "deleted", "deletedOnly", "offset", "limit"))
        .post(subject, answering(this::lookup, "normalize", "deleted", "format"))
        .delete(subject, answering(this::deleteSubject, "permanent"))
        .get(
            subject + "/metadata",
            answering(this::withMetadata, "key", "value", "deleted", "format"))
        .get(versions, answering(this::versions, "deleted", "deletedOnly", "offset", "limit"))
        .post(versions, answering(this::register, "normalize", "format"))
        .get(version, answering(this::version, "deleted", "format", "findTags"))
        .delete(version, answering(this::deleteVersion, "permanent"))
        .get(version + "/schema", answering(this::text, "deleted", "format"))
        .get(version + "/referencedby", answering(this::referrers))
        .get(id, answering(this::ofId, "subject", "format", "fetchMaxId", "findTags"))
        .get(id + "/schema", answering(this::textOfId, "subject", "format"))
        .get(id + "/subjects", answering(this::subjectsOfId, "subject", "deleted"))
        .get(id + "/versions", answering(this::versionsOfId, "subject", "deleted"))
        .post(compatibility, answering(this::testAll, "verbose", "normalize"))
        .post(compatibility + "/{version}", answering(this::testOne, "verbose", "normalize"));
  }

  @Override
  public boolean answersLost(ServerRequest request, ServerResponse response) {
    String path = request.path().path();
    if (!path.startsWith(prefix + "/") && !path.equals(prefix)) {
      return false;
    }
    boolean other = prefix.isEmpty() && path.startsWith("/api/");
    if (!other) {
      refuse(response, 404, 404, "HTTP 404 Not Found: there is nothing at " + path);
    }
    return !other;
  }

  private Object subjects(ServerRequest request) {
    // An empty prefix means the default context, a missing one all.
    String begin = request.query().first("subjectPrefix").orElse(":*:");
    String asked =
        context(request)
            .map(context -> SubjectName.of(context, begin.equals(":*:") ? "" : begin).qualified())
            .orElse(begin);
    return registry.subjects(asked, deleted(request), page(request));
  }

  private Object versions(ServerRequest request) {
    return registry.versions(subject(request), deleted(request), page(request));
  }

  private Object version(ServerRequest request) {
    Registered found =
        registry.version(subject(request), parameter(request, "version"), deleted(request));
    return new Tagged(found.tag(), document(found));
  }

  /** The latest version whose metadata has these properties. */
  private Object withMetadata(ServerRequest request) {
    List<String> keys = request.query().all("key", List::of);
    List<String> values = request.query().all("value", List::of);
    if (keys.isEmpty() || keys.size() != values.size()) {
      throw Problem.badRequest(
              "key is there %d times and value %d times, expected both as often, at least once"
                  .formatted(keys.size(), values.size()))
          .toException();
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      wanted.put(keys.get(i), values.get(i));
    }
    Registered found = registry.withMetadata(subject(request), wanted, deleted(request));
    return new Tagged(found.tag(), document(found));
  }

  private Object text(ServerRequest request) {
    Registered found =
        registry.version(subject(request), parameter(request, "version"), deleted(request));
    return new Tagged(found.tag(), found.schema().text());
  }

  private static Map<String, Object> document(Registered registered) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("subject", registered.subject().qualified());
    document.put("version", registered.version());
    document.put("id", registered.id());
    document.put("guid", registered.guid());
    document.putAll(registered.schema().document());
    if (registered.deleted()) {
      document.put("deleted", true);
    }
    return document;
  }

  private Object lookup(ServerRequest request) {
    return document(
        registry.lookup(
            subject(request),
            Submission.of(Json.body(request)),
            deleted(request),
            flag(request, "normalize")));
  }

  private Object register(ServerRequest request) {
    String actor = actor(request, Role.MEMBER);
    Registered registered =
        registry.register(
            subject(request),
            Submitted.of(Json.body(request)),
            new Registry.Wish(flag(request, "normalize"), Registry.USUAL, actor));
    return Map.of("id", registered.id());
  }

  /** Who may register may take out of use; what cannot be undone is for administrators. */
  private Object deleteSubject(ServerRequest request) {
    boolean forGood = flag(request, "permanent");
    String actor = actor(request, forGood ? Role.ADMIN : Role.MEMBER);
    return deletions.subject(subject(request), forGood, actor);
  }

  private Object deleteVersion(ServerRequest request) {
    boolean forGood = flag(request, "permanent");
    String actor = actor(request, forGood ? Role.ADMIN : Role.MEMBER);
    return deletions.version(subject(request), parameter(request, "version"), forGood, actor);
  }

  private Object referrers(ServerRequest request) {
    return registry.referrers(subject(request), parameter(request, "version"));
  }

  private List<Registered> found(ServerRequest request) {
    String id = parameter(request, "id");
    if (!id.matches("\\d{1,9}")) {
      throw RegistryException.noSchema(id);
    }
    Optional<String> asked =
        request
            .query()
            .first("subject")
            .asOptional()
            .filter(name -> !name.isEmpty())
            .map(name -> SubjectName.of(name).context())
            .or(() -> context(request));
    return registry.ofId(asked, Integer.parseInt(id));
  }

  private Object ofId(ServerRequest request) {
    Registered first = found(request).getFirst();
    Map<String, Object> document = new LinkedHashMap<>(first.schema().document());
    document.put("guid", first.guid());
    if (flag(request, "fetchMaxId")) {
      document.put("maxId", registry.lastId(first.subject().context()));
      return document;
    }
    return new Tagged("\"" + first.guid() + "\"", document);
  }

  private Object textOfId(ServerRequest request) {
    Registered first = found(request).getFirst();
    return new Tagged("\"" + first.guid() + "\"", first.schema().text());
  }

  private List<Registered> inUse(ServerRequest request) {
    boolean deletedToo = flag(request, "deleted");
    return found(request).stream().filter(one -> deletedToo || !one.deleted()).toList();
  }

  private Object subjectsOfId(ServerRequest request) {
    return inUse(request).stream().map(one -> one.subject().qualified()).distinct().toList();
  }

  private Object versionsOfId(ServerRequest request) {
    return inUse(request).stream()
        .map(one -> pair("subject", one.subject().qualified(), "version", one.version()))
        .toList();
  }

  private Object ofGuid(ServerRequest request) {
    Registered first = registry.ofGuid(guid(request)).getFirst();
    Map<String, Object> document = new LinkedHashMap<>(first.schema().document());
    document.put("guid", first.guid());
    return new Tagged("\"" + first.guid() + "\"", document);
  }

  private Object idsOfGuid(ServerRequest request) {
    return registry.ofGuid(guid(request)).stream()
        .map(one -> pair("context", one.subject().context(), "id", one.id()))
        .distinct()
        .toList();
  }

  private static String guid(ServerRequest request) {
    return parameter(request, "guid").toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> pair(String a, Object first, String b, Object second) {
    Map<String, Object> pair = new LinkedHashMap<>();
    pair.put(a, first);
    pair.put(b, second);
    return pair;
  }

  private Object testAll(ServerRequest request) {
    return compatibility(request, registry.test(subject(request), schema(request), Registry.USUAL));
  }

  private Object testOne(ServerRequest request) {
    return compatibility(
        request, registry.test(subject(request), parameter(request, "version"), schema(request)));
  }

  private static Submission schema(ServerRequest request) {
    Submission schema = Submission.of(Json.body(request));
    return flag(request, "normalize") ? schema.normalized() : schema;
  }

  private static Object compatibility(ServerRequest request, Compatibility compatibility) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("is_compatible", compatibility.compatible());
    if (flag(request, "verbose")) {
      answer.put("messages", compatibility.messages());
    }
    return answer;
  }
}
