package dev.troth.contracts.avro;

import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Small messages of a schema, in Avro's JSON encoding, that together show what it allows: the
 * plainest one, then for each part of it every symbol, branch and length that a reader could
 * stumble over, one at a time. Where that would be too much, as of a record of a thousand fields,
 * each message varies all fields at once.
 */
final class AvroMessages {
  private static final int MOST = 2_000;

  /** Values of all messages of one schema together, which bounds time and memory. */
  private static final int MOST_VALUES = 200_000;

  /** Values of one message: each of its records, fields, items and 64 bytes counts as one. */
  private static final int LARGEST = 20_000;

  /** How many values a message has; parts are shared, so each is counted once. */
  private final Map<Json, Integer> weights = new IdentityHashMap<>();

  private final Map<String, Json> plainRecords = new HashMap<>();
  private final Map<String, List<Json>> variedRecords = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /**
   * At most 2,000 messages, the plainest first; none if every message would be endless or large.
   */
  List<Json> of(Schema schema) {
    return plain(schema).map(_ -> varied(schema)).orElse(List.of());
  }

  /** A shortest message; none if each leads back to what is being made. */
  private Optional<Json> plain(Schema schema) {
    return switch (schema.getType()) {
      case NULL -> Optional.of(Json.Null.NULL);
      case BOOLEAN -> Optional.of(Json.Bool.FALSE);
      case INT, LONG, FLOAT, DOUBLE -> Optional.of(Json.Num.of(0));
      case STRING, BYTES -> Optional.of(new Json.Str(""));
      case FIXED -> fixed(schema.getFixedSize());
      case ENUM -> schema.getEnumSymbols().stream().findFirst().map(Json.Str::new);
      case ARRAY -> Optional.of(new Json.Arr(List.of()));
      case MAP -> Optional.of(new Json.Obj(Map.of()));
      case UNION ->
          schema.getTypes().stream()
              .flatMap(branch -> plain(branch).map(value -> tagged(branch, value)).stream())
              .findFirst();
      case RECORD -> plainRecord(schema);
    };
  }

  private Optional<Json> plainRecord(Schema schema) {
    String name = schema.getFullName();
    Json known = plainRecords.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    if (!open.add(name)) {
      return Optional.empty();
    }
    Map<String, Json> members = new LinkedHashMap<>();
    for (Schema.Field field : schema.getFields()) {
      plain(field.schema()).ifPresent(value -> members.put(field.name(), value));
    }
    open.remove(name);
    if (members.size() < schema.getFields().size()) {
      return Optional.empty();
    }
    Json.Obj record = new Json.Obj(members);
    int weight = 1;
    for (Json value : members.values()) {
      weight += weight(value);
      if (weight > LARGEST) {
        return Optional.empty();
      }
    }
    weights.put(record, weight);
    plainRecords.put(name, record);
    return Optional.of(record);
  }

  private static Optional<Json> fixed(int size) {
    return size / 64 > LARGEST ? Optional.empty() : Optional.of(new Json.Str("\0".repeat(size)));
  }

  private int weight(Json value) {
    return switch (value) {
      case Json.Str text -> 1 + text.value().length() / 64;
      case Json.Obj object -> {
        Integer known = weights.get(object);
        if (known == null) {
          int sum = 1;
          for (Json member : object.members().values()) {
            sum += weight(member);
          }
          known = sum;
          weights.put(object, known);
        }
        yield known;
      }
      case Json.Arr array -> 1 + array.items().stream().mapToInt(this::weight).sum();
      default -> 1;
    };
  }

  /** How many messages as heavy as this one there may be. */
  private int room(Json plain) {
    return Math.clamp(MOST_VALUES / weight(plain), 1, MOST);
  }

  private static Json tagged(Schema branch, Json value) {
    return branch.getType() == Schema.Type.NULL
        ? value
        : new Json.Obj(Map.of(branch.getFullName(), value));
  }

  private List<Json> varied(Schema schema) {
    List<Json> messages = new ArrayList<>();
    plain(schema).ifPresent(messages::add);
    messages.addAll(AvroSamples.of(schema));
    switch (schema.getType()) {
      case NULL, FIXED -> {}
      case BOOLEAN -> messages.add(Json.Bool.TRUE);
      case INT -> messages.add(Json.Num.of(Integer.MAX_VALUE));
      case LONG -> messages.add(Json.Num.of(Long.MAX_VALUE));
      case FLOAT, DOUBLE -> messages.add(new Json.Num(new BigDecimal("0.5")));
      case STRING -> messages.add(new Json.Str("a"));
      case BYTES -> messages.add(new Json.Str("\u00FF"));
      case ENUM ->
          schema.getEnumSymbols().stream().skip(1).map(Json.Str::new).forEach(messages::add);
      case ARRAY ->
          varied(schema.getElementType())
              .forEach(item -> messages.add(new Json.Arr(List.of(item))));
      case MAP ->
          varied(schema.getValueType())
              .forEach(value -> messages.add(new Json.Obj(Map.of("a", value))));
      case UNION -> {
        for (Schema branch : schema.getTypes()) {
          varied(branch).forEach(value -> messages.add(tagged(branch, value)));
        }
      }
      case RECORD -> {
        return variedRecord(schema);
      }
    }
    return messages.isEmpty() ? messages : limited(messages, messages.getFirst());
  }

  private static List<Json> oneAtATime(Map<String, Json> base, Map<String, List<Json>> choices) {
    List<Json> messages = new ArrayList<>();
    choices.forEach((name, values) -> {
      for (Json value : values) {
        Map<String, Json> members = new LinkedHashMap<>(base);
        members.put(name, value);
        messages.add(new Json.Obj(members));
      }
    });
    return messages;
  }

  /** As many as the most varied field has values, as far as there is room. */
  private static List<Json> allAtOnce(Map<String, List<Json>> choices, int room) {
    int longest = choices.values().stream().mapToInt(List::size).max().orElse(0);
    List<Json> messages = new ArrayList<>();
    for (int i = 0; i < Math.min(longest, room); i++) {
      Map<String, Json> members = new LinkedHashMap<>();
      for (Map.Entry<String, List<Json>> choice : choices.entrySet()) {
        List<Json> values = choice.getValue();
        members.put(choice.getKey(), values.get(i % values.size()));
      }
      messages.add(new Json.Obj(members));
    }
    return messages;
  }

  private List<Json> variedRecord(Schema schema) {
    String name = schema.getFullName();
    List<Json> known = variedRecords.get(name);
    if (known != null) {
      return known;
    }
    Optional<Json> plain = plain(schema);
    if (plain.isEmpty() || !open.add(name)) {
      return plain.stream().toList();
    }
    int room = room(plain.get());
    Map<String, List<Json>> choices = new LinkedHashMap<>();
    int single = 1;
    for (Schema.Field field : schema.getFields()) {
      List<Json> values = varied(field.schema());
      choices.put(field.name(), values);
      single += values.size();
    }
    Map<String, Json> base = ((Json.Obj) plain.get()).members();
    List<Json> messages = new ArrayList<>(List.of(plain.get()));
    messages.addAll(single <= room ? oneAtATime(base, choices) : allAtOnce(choices, room));
    open.remove(name);
    List<Json> limited = limited(messages, plain.get());
    variedRecords.put(name, limited);
    return limited;
  }

  private List<Json> limited(List<Json> messages, Json plain) {
    int room = room(plain);
    return messages.size() > room ? messages.subList(0, room) : messages;
  }
}
