package dev.troth.server.registry;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submitted;
import dev.troth.server.registry.schema.Versions;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Subjects, versions and schemas as Confluent's clients ask for them, below a prefix. */
public final class RegistryRoutes extends ConfluentRoutes {
  private final Registry registry;
  private final Deletions deletions;
  private final Kept kept;
  private final String prefix;

  /**
   * Routes of a registry.
   *
   * @param prefix of every path, such as {@code /registry}; empty on a listener of its own
   */
  public RegistryRoutes(Registry registry, Deletions deletions, Kept kept, String prefix) {
    this.registry = registry;
    this.kept = kept;
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
        .get(
            id + "/subjects",
            answering(this::subjectsOfId, "subject", "deleted", "offset", "limit"))
        .get(
            id + "/versions",
            answering(this::versionsOfId, "subject", "deleted", "offset", "limit"))
        .post(compatibility, answering(this::testAll, "verbose", "normalize"))
        .post(compatibility + "/{version}", answering(this::testOne, "verbose", "normalize"));
  }

  @Override
  public boolean answersProblem(ServerRequest request, ServerResponse response, Problem problem) {
    String path = request.path().path();
    if (!path.startsWith(prefix + "/") && !path.equals(prefix)) {
      return false;
    }
    if (prefix.isEmpty() && path.startsWith("/api/")) {
      return false;
    }
    if (problem.status() == 404) {
      refuse(response, 404, 404, "HTTP 404 Not Found: " + problem.detail());
    } else {
      Json.send(response, worded(problem));
    }
    return true;
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

  /** What was asked, so that the same need not be found out twice. */
  private record Asked(String route, String of, int version, Object how, String body) {}

  private Object version(ServerRequest request) {
    return version(request, "version", RegistryRoutes::document);
  }

  private Object text(ServerRequest request) {
    return version(request, "text", found -> found.schema().text());
  }

  private Ready version(ServerRequest request, String route, Function<Registered, Object> form) {
    SubjectName subject = subject(request);
    int version = Versions.number(parameter(request, "version"));
    Deleted deleted = deleted(request);
    return kept.of(
        subject,
        new Asked(route, subject.absolute(), version, deleted, ""),
        () -> {
          Registered found = registry.version(subject, version, deleted);
          return Ready.of(found.tag(), form.apply(found), true);
        });
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
    return Ready.of(found.tag(), document(found), false);
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
    SubjectName subject = subject(request);
    Deleted deleted = deleted(request);
    boolean normalize = flag(request, "normalize");
    byte[] body = Json.body(request);
    return kept.of(
        subject,
        new Asked("lookup", subject.absolute(), 0, List.of(deleted, normalize), text(body)),
        () -> {
          Registered found = registry.lookup(subject, Submission.of(body), deleted, normalize);
          return Ready.of("", document(found), true).askedBy(body);
        });
  }

  /** The bytes of a body, whatever they mean, as a key. */
  private static String text(byte[] body) {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private Object register(ServerRequest request) {
    String actor = actor(request, Role.MEMBER);
    SubjectName subject = subject(request);
    Registry.Wish wish = new Registry.Wish(flag(request, "normalize"), Registry.USUAL, actor);
    byte[] body = Json.body(request);
    // What serializers send at each start is there; what is not, is written and so not kept.
    return kept.of(
        subject,
        new Asked("register", subject.absolute(), 0, wish.normalize(), text(body)),
        () -> {
          Submitted given = Submitted.of(body);
          int id = registry.register(subject, given, wish).id();
          boolean alone = given.id().isEmpty() && given.schema().references().isEmpty();
          return Ready.of("", Map.of("id", id), alone).askedBy(body);
        });
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
    return registry.referrers(subject(request), Versions.number(parameter(request, "version")));
  }

  private static int id(ServerRequest request) {
    String id = parameter(request, "id");
    if (id.length() > 9 || !id.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw RegistryException.noSchema(id);
    }
    return Integer.parseInt(id);
  }

  private static Optional<String> contextOfId(ServerRequest request) {
    String subject = Parameters.text(request, "subject", "");
    return subject.isEmpty() ? context(request) : Optional.of(SubjectName.of(subject).context());
  }

  private Object ofId(ServerRequest request) {
    if (flag(request, "fetchMaxId")) {
      Registered first = registry.ofId(contextOfId(request), id(request));
      Map<String, Object> document = schema(first);
      document.put("maxId", registry.lastId(first.subject().context()));
      return document;
    }
    return ofId(request, "id", RegistryRoutes::schema);
  }

  private Object textOfId(ServerRequest request) {
    return ofId(request, "idText", first -> first.schema().text());
  }

  private Ready ofId(ServerRequest request, String route, Function<Registered, Object> form) {
    Optional<String> context = contextOfId(request);
    int id = id(request);
    return kept.ofId(
        new Asked(route, context.orElse(""), id, "", ""),
        () -> {
          Registered first = registry.ofId(context, id);
          // Without a context a schema of one that comes before may get the id.
          boolean lasting = context.isPresent() || first.subject().inDefaultContext();
          return Ready.of("\"" + first.guid() + "\"", form.apply(first), lasting);
        });
  }

  private static Map<String, Object> schema(Registered registered) {
    Map<String, Object> document = new LinkedHashMap<>(registered.schema().document());
    document.put("guid", registered.guid());
    return document;
  }

  private List<RegistryStore.Place> places(ServerRequest request) {
    Deleted deleted = flag(request, "deleted") ? Deleted.INCLUDED : Deleted.LEFT_OUT;
    return registry.places(contextOfId(request), id(request), deleted, page(request));
  }

  private Object subjectsOfId(ServerRequest request) {
    return places(request).stream().map(one -> one.subject().qualified()).distinct().toList();
  }

  private Object versionsOfId(ServerRequest request) {
    return places(request).stream()
        .map(one -> pair("subject", one.subject().qualified(), "version", one.version()))
        .toList();
  }

  private Object ofGuid(ServerRequest request) {
    Registered first = registry.ofGuid(guid(request));
    return Ready.of("\"" + first.guid() + "\"", schema(first), false);
  }

  private Object idsOfGuid(ServerRequest request) {
    return registry.idsOfGuid(guid(request)).stream()
        .map(one -> pair("context", one.context(), "id", one.id()))
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
    return test(request, 0, schema -> registry.test(subject(request), schema, Registry.USUAL));
  }

  private Object testOne(ServerRequest request) {
    int version = Versions.number(parameter(request, "version"));
    return test(request, version, schema -> registry.test(subject(request), version, schema));
  }

  /**
   * Whether a schema fits.
   *
   * @param version to which it has to; 0 for those that the level says
   */
  private Ready test(
      ServerRequest request, int version, Function<Submission, Compatibility> comparison) {
    SubjectName subject = subject(request);
    boolean normalize = flag(request, "normalize");
    boolean verbose = flag(request, "verbose");
    byte[] body = Json.body(request);
    return kept.of(
        subject,
        new Asked("test", subject.absolute(), version, List.of(normalize, verbose), text(body)),
        () -> {
          Submission schema = Submission.of(body);
          Compatibility found = comparison.apply(normalize ? schema.normalized() : schema);
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("is_compatible", found.compatible());
          if (verbose) {
            answer.put("messages", found.messages());
          }
          return Ready.of("", answer, found.lasting()).askedBy(body);
        });
  }
}
