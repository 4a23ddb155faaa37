package dev.troth.bench.contracts;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Dfa;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Keyword.Countable;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Makes documents that are likely to be valid: it follows references, takes one branch of each
 * choice, and fills objects with required and some optional members. Its caller drops the others.
 */
final class DocumentGenerator {
  private static final int DEEPEST = 7;
  private static final int MOST_OPTIONAL = 12;
  private static final List<String> WORDS =
      List.of(
          "alpha",
          "order-service",
          "build",
          "main",
          "src/index.ts",
          "A longer text of some words.",
          "café",
          "x",
          "1.4.2",
          "production",
          "https://example.com/a/b?c=1#d",
          "error");

  private static final Map<Format, String> SAMPLES =
      Map.ofEntries(
          Map.entry(Format.DATE_TIME, "2026-01-31T09:30:00Z"),
          Map.entry(Format.DATE, "2026-01-31"),
          Map.entry(Format.TIME, "09:30:00Z"),
          Map.entry(Format.DURATION, "P1DT12H"),
          Map.entry(Format.EMAIL, "someone@example.com"),
          Map.entry(Format.IDN_EMAIL, "someone@example.com"),
          Map.entry(Format.HOSTNAME, "www.example.com"),
          Map.entry(Format.IDN_HOSTNAME, "www.example.com"),
          Map.entry(Format.IPV4, "192.168.0.1"),
          Map.entry(Format.IPV6, "2001:db8::1"),
          Map.entry(Format.URI, "https://example.com/schemas/order?version=2#top"),
          Map.entry(Format.URI_REFERENCE, "../schemas/order#top"),
          Map.entry(Format.IRI, "https://example.com/a"),
          Map.entry(Format.IRI_REFERENCE, "/a/b"),
          Map.entry(Format.URI_TEMPLATE, "https://example.com/{id}"),
          Map.entry(Format.UUID, "2eb8aa08-aa98-11ea-b4aa-73b441d16380"),
          Map.entry(Format.JSON_POINTER, "/a/0/b"),
          Map.entry(Format.RELATIVE_JSON_POINTER, "1/a"),
          Map.entry(Format.REGEX, "^[a-z]+$"));

  private final RandomGenerator random;
  private final Map<Schema, Interpreter> interpreters = new HashMap<>();

  DocumentGenerator(RandomGenerator random) {
    this.random = random;
  }

  Json generate(Schema schema) {
    return value(schema, DynamicScope.EMPTY, 0);
  }

  private Json value(Schema schema, DynamicScope outer, int depth) {
    Facts facts = new Facts();
    collect(schema, outer, facts, 0);
    for (Keyword keyword : facts.keywords) {
      if (keyword instanceof Keyword.Const(Json value)) {
        return value;
      }
      if (keyword instanceof Keyword.Enum(List<Json> values)) {
        return values.get(random.nextInt(values.size()));
      }
    }
    return switch (facts.type(random, depth)) {
      case NULL -> Json.Null.NULL;
      case BOOLEAN -> Json.Bool.of(random.nextBoolean());
      case INTEGER, NUMBER -> number(facts);
      case STRING -> new Json.Str(text(facts));
      case ARRAY -> array(facts, depth);
      case OBJECT -> object(facts, depth);
    };
  }

  /** What must hold of one value, with one branch taken of each choice. */
  private static final class Facts {
    private final List<Keyword> keywords = new ArrayList<>();
    private final Map<Keyword, DynamicScope> scopes = new HashMap<>();
    private Set<JsonType> types = EnumSet.allOf(JsonType.class);

    void add(Keyword keyword, DynamicScope scope) {
      keywords.add(keyword);
      scopes.put(keyword, scope);
      if (keyword instanceof Keyword.Type type) {
        Set<JsonType> both = EnumSet.copyOf(types);
        both.removeIf(one ->
            !type.types().contains(one)
                && !(one == JsonType.INTEGER && type.types().contains(JsonType.NUMBER)));
        types = both.isEmpty() ? EnumSet.copyOf(type.types()) : both;
      }
    }

    JsonType type(RandomGenerator random, int depth) {
      boolean objectlike =
          keywords.stream()
              .anyMatch(k -> k instanceof Keyword.Properties || k instanceof Keyword.Required);
      if (objectlike && types.contains(JsonType.OBJECT) && depth < DEEPEST) {
        return JsonType.OBJECT;
      }
      List<JsonType> choice = new ArrayList<>(types);
      if (choice.size() > 1 && depth >= DEEPEST) {
        choice.removeAll(List.of(JsonType.OBJECT, JsonType.ARRAY));
      }
      return choice.isEmpty() ? JsonType.OBJECT : choice.get(random.nextInt(choice.size()));
    }

    int least(Countable what, int otherwise) {
      return keywords.stream()
          .filter(k -> k instanceof Keyword.AtLeast least && least.what() == what)
          .mapToInt(k -> ((Keyword.AtLeast) k).limit())
          .max()
          .orElse(otherwise);
    }
  }

  private void collect(Schema schema, DynamicScope outer, Facts facts, int depth) {
    DynamicScope scope = outer.enter(schema.resource());
    if (depth > 20) {
      return;
    }
    for (Keyword keyword : schema.keywords()) {
      facts.add(keyword, scope);
      switch (keyword) {
        case Keyword.Ref ref -> collect(ref.link().target(), scope, facts, depth + 1);
        case Keyword.DynamicRef ref -> collect(scope.resolve(ref), scope, facts, depth + 1);
        case Keyword.AllOf all -> all.schemas().forEach(s -> collect(s, scope, facts, depth + 1));
        case Keyword.AnyOf any -> collect(one(any.schemas()), scope, facts, depth + 1);
        case Keyword.OneOf one -> collect(one(one.schemas()), scope, facts, depth + 1);
        case Keyword.Conditional conditional -> {
          boolean then = random.nextBoolean();
          if (then) {
            collect(conditional.test(), scope, facts, depth + 1);
          }
          (then ? conditional.then() : conditional.otherwise())
              .ifPresent(s -> collect(s, scope, facts, depth + 1));
        }
        default -> {}
      }
    }
  }

  private Schema one(List<Schema> schemas) {
    return schemas.get(random.nextInt(schemas.size()));
  }

  private Json number(Facts facts) {
    BigDecimal low = BigDecimal.ZERO;
    BigDecimal high = BigDecimal.valueOf(1000);
    for (Keyword keyword : facts.keywords) {
      if (keyword instanceof Keyword.Minimum(BigDecimal limit, boolean exclusive)) {
        low = exclusive ? limit.add(BigDecimal.ONE) : limit;
        high = high.max(low.add(BigDecimal.TEN));
      }
    }
    for (Keyword keyword : facts.keywords) {
      if (keyword instanceof Keyword.Maximum(BigDecimal limit, boolean _)) {
        high = limit;
      }
    }
    long span = Math.max(1, high.subtract(low).longValue());
    BigDecimal value = low.add(BigDecimal.valueOf(random.nextLong(span)));
    boolean fraction = !facts.types.contains(JsonType.INTEGER) && random.nextBoolean();
    return new Json.Num(fraction ? value.add(new BigDecimal("0.25")) : value);
  }

  private String text(Facts facts) {
    for (Keyword keyword : facts.keywords) {
      if (keyword instanceof Keyword.FormatOf(Format format)) {
        return SAMPLES.getOrDefault(format, "x");
      }
      if (keyword instanceof Keyword.Pattern(Regex regex)) {
        return matching(regex).orElse("x");
      }
    }
    StringBuilder text = new StringBuilder(WORDS.get(random.nextInt(WORDS.size())));
    while (text.length() < facts.least(Countable.CHARACTERS, 0)) {
      text.append('a');
    }
    return text.toString();
  }

  /** A random walk through the automaton, over letters where they lead on. */
  private Optional<String> matching(Regex regex) {
    Optional<Dfa> dfa = regex.automaton();
    for (int attempt = 0; dfa.isPresent() && attempt < 50; attempt++) {
      int state = dfa.get().start();
      StringBuilder text = new StringBuilder();
      while (text.length() < 40 && state != Dfa.DEAD) {
        if (dfa.get().accepts(state) && (text.length() > 3 || random.nextInt(4) == 0)) {
          return Optional.of(text.toString());
        }
        List<Character> next = new ArrayList<>();
        for (char c = ' '; c < 127; c++) {
          if (dfa.get().next(state, c) != Dfa.DEAD) {
            next.add(c);
          }
        }
        if (next.isEmpty()) {
          break;
        }
        List<Character> letters = next.stream().filter(Character::isLetterOrDigit).toList();
        List<Character> choice = letters.isEmpty() || random.nextInt(5) == 0 ? next : letters;
        char c = choice.get(random.nextInt(choice.size()));
        text.append(c);
        state = dfa.get().next(state, c);
      }
      byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
      if (dfa.get().find(utf8, 0, utf8.length)) {
        return Optional.of(text.toString());
      }
    }
    return Optional.empty();
  }

  private Json array(Facts facts, int depth) {
    List<Json> items = new ArrayList<>();
    int least = facts.least(Countable.ITEMS, 0);
    int count = depth >= DEEPEST ? least : least + random.nextInt(4);
    for (Keyword keyword : facts.keywords) {
      if (keyword instanceof Keyword.Items list && items.isEmpty()) {
        DynamicScope scope = facts.scopes.getOrDefault(keyword, DynamicScope.EMPTY);
        for (int i = 0; i < Math.max(count, list.prefix().size()); i++) {
          Optional<Schema> schema =
              i < list.prefix().size() ? Optional.of(list.prefix().get(i)) : list.rest();
          schema.ifPresent(s -> items.add(valid(s, scope, depth + 1)));
        }
      }
    }
    boolean unique = facts.keywords.stream().anyMatch(k -> k instanceof Keyword.UniqueItems);
    return new Json.Arr(unique ? List.copyOf(new LinkedHashSet<>(items)) : items);
  }

  private Json object(Facts facts, int depth) {
    Map<String, Json> members = new LinkedHashMap<>();
    Set<String> required = new LinkedHashSet<>();
    for (Keyword keyword : facts.keywords) {
      if (keyword instanceof Keyword.Required(List<String> names)) {
        required.addAll(names);
      }
    }
    for (Keyword keyword : facts.keywords) {
      if (keyword instanceof Keyword.Properties properties) {
        declared(members, properties, required, facts, depth);
        patterned(members, properties, facts, depth);
      }
    }
    for (String name : required) {
      members.computeIfAbsent(name, _ -> new Json.Str("x"));
    }
    return new Json.Obj(members);
  }

  private void declared(
      Map<String, Json> members,
      Keyword.Properties properties,
      Set<String> required,
      Facts facts,
      int depth) {
    DynamicScope scope = facts.scopes.getOrDefault(properties, DynamicScope.EMPTY);
    List<String> optional = new ArrayList<>(properties.named().keySet());
    optional.removeAll(required);
    Collections.shuffle(optional, Random.from(random));
    int wanted = depth >= DEEPEST ? 0 : random.nextInt(Math.max(2, MOST_OPTIONAL >> depth / 2));
    Set<String> names = new LinkedHashSet<>(required);
    names.retainAll(properties.named().keySet());
    names.addAll(optional.subList(0, Math.min(wanted, optional.size())));
    for (String name : names) {
      Schema schema = properties.named().get(name);
      if (schema != null && schema.keyword(Keyword.Never.class).isEmpty()) {
        Json value = valid(schema, scope, depth + 1);
        if (required.contains(name) || isValid(schema, scope, value)) {
          members.putIfAbsent(name, value);
        }
      }
    }
  }

  private void patterned(
      Map<String, Json> members, Keyword.Properties properties, Facts facts, int depth) {
    DynamicScope scope = facts.scopes.getOrDefault(properties, DynamicScope.EMPTY);
    if (depth >= DEEPEST) {
      return;
    }
    for (Keyword.PatternProperty pattern : properties.patterns()) {
      if (random.nextInt(3) > 0 && pattern.schema().keyword(Keyword.Never.class).isEmpty()) {
        matching(pattern.regex())
            .ifPresent(name ->
                members.computeIfAbsent(name, _ -> valid(pattern.schema(), scope, depth + 1)));
      }
    }
    boolean map = properties.named().isEmpty() && properties.patterns().isEmpty();
    if (map && properties.additional().isPresent()) {
      for (int i = random.nextInt(4); i > 0; i--) {
        members.put("key" + i, valid(properties.additional().get(), scope, depth + 1));
      }
    }
  }

  /** A few attempts at a valid value, because a part can be mended and a whole rarely is. */
  private Json valid(Schema schema, DynamicScope scope, int depth) {
    Json value = value(schema, scope, depth);
    for (int i = 0; i < 5 && !isValid(schema, scope, value); i++) {
      value = value(schema, scope, depth);
    }
    return value;
  }

  private boolean isValid(Schema schema, DynamicScope scope, Json value) {
    return !scope.equals(DynamicScope.EMPTY)
        || interpreters.computeIfAbsent(schema, Interpreter::new).isValid(value);
  }
}
