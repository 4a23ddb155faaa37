package dev.troth.contracts.schema;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads JSON into the schema model: {@code new SchemaLoader(Options.DEFAULT).load(json, uri)}. One
 * loader may load several documents; they see each other by URI. All problems of a document are
 * collected before it is refused.
 */
public final class SchemaLoader {
  private final Options options;
  private final Documents documents;
  private final Map<String, Resource> resources = new HashMap<>();
  private final Set<String> loading = new HashSet<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final List<SchemaException.Problem> problems = new ArrayList<>();

  private record Pending(Link link, Place place) {}

  /**
   * How schemas are read.
   *
   * @param draft the draft of schemas that do not name one by {@code $schema}
   * @param assertFormats whether {@code format} is checked or a mere annotation
   * @param documents where schemas of other URIs come from
   */
  public record Options(Draft draft, boolean assertFormats, Documents documents) {
    /** 2020-12, formats checked, no other documents. */
    public static final Options DEFAULT = new Options(Draft.DRAFT_2020_12, true, Documents.NONE);

    public Options withDocuments(Documents others) {
      return new Options(draft, assertFormats, others);
    }

    public Options withDraft(Draft other) {
      return new Options(other, assertFormats, documents);
    }

    public Options withFormats(boolean asserted) {
      return new Options(draft, asserted, documents);
    }
  }

  public SchemaLoader(Options options) {
    this.options = options;
    this.documents = new Metaschemas().or(options.documents());
  }

  /**
   * The schema of a document.
   *
   * @param uri the absolute URI under which the document was found; its {@code $id} may differ
   * @throws SchemaException with every problem found
   */
  public Schema load(Json root, String uri) {
    problems.clear();
    Schema schema = read(root, uri);
    bindAll();
    if (problems.isEmpty()) {
      new LoopCheck(problems).check(schema);
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
    return schema;
  }

  /** A reference as an absolute URI. */
  public static String resolve(String base, String reference) {
    return UriReference.resolve(base, reference);
  }

  private Schema read(Json root, String uri) {
    String base = UriReference.withoutFragment(uri);
    SchemaDocument document = new SchemaDocument(base, root);
    Dialect dialect = dialect(root, Dialect.of(options.draft()), new Place(base, ""));
    Resource resource = new Resource(base, "", dialect, document);
    resources.putIfAbsent(base, resource);
    Schema schema = schema(root, resource, "", true);
    resource.root(schema);
    resources.put(base, schema.resource());
    return schema;
  }

  private Dialect dialect(Json schema, Dialect otherwise, Place place) {
    Optional<String> uri =
        schema instanceof Json.Obj object ? object.text("$schema") : Optional.empty();
    return uri.map(text -> dialect(text, place)).orElse(otherwise);
  }

  private Dialect dialect(String uri, Place place) {
    Optional<Draft> draft = Draft.ofUri(uri);
    if (draft.isPresent()) {
      return Dialect.of(draft.get());
    }
    Optional<Json> metaschema = documents.find(UriReference.withoutFragment(uri));
    if (metaschema.isEmpty() || !loading.add(uri)) {
      problem(place, "$schema is '%s', expected the URI of a known meta-schema".formatted(uri));
      return Dialect.of(options.draft());
    }
    Dialect base = dialect(metaschema.get(), Dialect.of(options.draft()), new Place(uri, ""));
    loading.remove(uri);
    return metaschema.get() instanceof Json.Obj object
            && object.get("$vocabulary").orElse(null) instanceof Json.Obj vocabularies
        ? new Dialect(base.draft(), vocabularies(vocabularies, place))
        : base;
  }

  private Set<Vocabulary> vocabularies(Json.Obj uris, Place place) {
    Set<Vocabulary> known = EnumSet.noneOf(Vocabulary.class);
    uris.members()
        .forEach((uri, required) -> {
          Optional<Vocabulary> vocabulary = Vocabulary.ofUri(uri);
          vocabulary.ifPresent(known::add);
          if (vocabulary.isEmpty() && required == Json.Bool.TRUE) {
            problem(place, "the meta-schema requires the unknown vocabulary " + uri);
          }
        });
    return known;
  }

  /** Reads one schema; subschemas come back here through {@link KeywordReader}. */
  Schema schema(Json json, Resource outer, String pointer, boolean documentRoot) {
    SchemaDocument document = outer.document();
    Schema known = document.schemas().get(pointer);
    if (known != null) {
      return known;
    }
    Place place = new Place(document.uri(), pointer);
    Resource resource =
        json instanceof Json.Obj object ? resource(object, outer, place, documentRoot) : outer;
    Schema schema = new Schema(place, resource, json);
    document.schemas().put(pointer, schema);
    if (resource != outer) {
      resource.root(schema);
    }
    switch (json) {
      case Json.Obj object -> {
        anchors(object, schema);
        schema.keywords(new KeywordReader(this, object, schema).read());
      }
      case Json.Bool bool ->
          schema.keywords(bool.value() ? List.of() : List.of(new Keyword.Never()));
      case Json.Arr _, Json.Str _, Json.Num _, Json.Null _ ->
          problem(place, "found %s, expected a schema (an object, true or false)".formatted(json));
    }
    return schema;
  }

  /** The resource that a schema begins, or the one around it. */
  private Resource resource(Json.Obj object, Resource outer, Place place, boolean documentRoot) {
    // An embedded resource may declare another dialect, which also says how its id is written.
    Dialect dialect = documentRoot ? outer.dialect() : dialect(object, outer.dialect(), place);
    boolean old = !dialect.draft().atLeast(Draft.DRAFT_2019_09);
    String id = object.text(dialect.draft() == Draft.DRAFT_4 ? "id" : "$id").orElse("");
    if (id.isEmpty() || id.startsWith("#") || (old && object.get("$ref").isPresent())) {
      return outer;
    }
    String uri = UriReference.withoutFragment(UriReference.resolve(outer.uri(), id));
    if (uri.equals(outer.uri())) {
      return outer;
    }
    Resource resource = new Resource(uri, place.pointer(), dialect, outer.document());
    resources.putIfAbsent(uri, resource);
    return resource;
  }

  private void anchors(Json.Obj object, Schema schema) {
    Resource resource = schema.resource();
    Draft draft = schema.dialect().draft();
    if (!draft.atLeast(Draft.DRAFT_2019_09)) {
      Optional<String> id = object.text(draft == Draft.DRAFT_4 ? "id" : "$id");
      if (id.isPresent() && object.get("$ref").isEmpty() && id.get().contains("#")) {
        resource.anchor(UriReference.fragment(id.get()), schema);
      }
      return;
    }
    object.text("$anchor").ifPresent(name -> resource.anchor(name, schema));
    if (draft == Draft.DRAFT_2019_09) {
      boolean atRoot = schema.place().pointer().equals(resource.rootPointer());
      if (atRoot && object.get("$recursiveAnchor").orElse(null) == Json.Bool.TRUE) {
        resource.dynamicAnchor(Resource.RECURSIVE, schema);
      }
      return;
    }
    object
        .text("$dynamicAnchor")
        .ifPresent(name -> {
          resource.anchor(name, schema);
          resource.dynamicAnchor(name, schema);
        });
  }

  /** A reference to be bound when the document is read. */
  Link link(String reference, Schema from) {
    Link link = new Link(UriReference.resolve(from.resource().uri(), reference));
    pending.add(new Pending(link, from.place()));
    return link;
  }

  private void bindAll() {
    while (!pending.isEmpty()) {
      Pending next = pending.remove();
      resolve(next.link().uri(), next.place()).ifPresent(next.link()::bind);
    }
  }

  private Optional<Schema> resolve(String uri, Place from) {
    String base = UriReference.withoutFragment(uri);
    Resource resource = resources.get(base);
    if (resource == null) {
      Optional<Json> found = documents.find(base);
      if (found.isEmpty()) {
        problem(
            from,
            "$ref leads to %s, which is not among the known documents; other documents are read"
                    .formatted(base)
                + " only if they are allowed");
        return Optional.empty();
      }
      resource = read(found.get(), base).resource();
    }
    String fragment = UriReference.fragment(uri);
    Optional<Schema> target =
        fragment.isEmpty()
            ? resource.root()
            : fragment.startsWith("/") ? atPointer(resource, fragment) : resource.anchor(fragment);
    if (target.isEmpty()) {
      problem(from, "$ref leads to %s, which does not exist".formatted(uri));
    }
    return target;
  }

  /** The schema at a pointer, read now if it stands where no keyword expects a schema. */
  private Optional<Schema> atPointer(Resource resource, String pointer) {
    Optional<List<String>> tokens = JsonPointer.tokens(pointer);
    if (tokens.isEmpty()) {
      return Optional.empty();
    }
    SchemaDocument document = resource.document();
    String at = resource.rootPointer();
    Optional<Json> json = JsonPointer.find(document.root(), at);
    Resource around = resource;
    for (String token : tokens.get()) {
      json = json.flatMap(value -> JsonPointer.step(value, token));
      at = JsonPointer.child(at, token);
      Schema passed = document.schemas().get(at);
      around = passed == null ? around : passed.resource();
    }
    if (json.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(schema(json.get(), around, at, false));
  }

  boolean assertsFormats(Dialect dialect) {
    return options.assertFormats() || dialect.has(Vocabulary.FORMAT_ASSERTION);
  }

  void problem(Place place, String reason) {
    problems.add(new SchemaException.Problem(place, reason));
  }
}
