package dev.troth.contracts.avro;

import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Small messages of a schema, in Avro's JSON encoding, that together show what it allows: the
 * plainest one, then for each part of it every symbol, branch and length that a reader could
 * stumble over, one at a time.
 */
final class AvroMessages {
  private static final int MOST = 2_000;

  private final Map<String, Json> plainRecords = new HashMap<>();
  private final Map<String, List<Json>> variedRecords = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /** At most 2,000 messages; none if every message would be endless. */
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
      case FIXED -> Optional.of(new Json.Str("\0".repeat(schema.getFixedSize())));
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
    plainRecords.put(name, record);
    return Optional.of(record);
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
    return limited(messages);
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
    List<Json> messages = new ArrayList<>(List.of(plain.get()));
    for (Schema.Field field : schema.getFields()) {
      for (Json value : varied(field.schema())) {
        Map<String, Json> members = new LinkedHashMap<>(((Json.Obj) plain.get()).members());
        members.put(field.name(), value);
        messages.add(new Json.Obj(members));
      }
    }
    open.remove(name);
    List<Json> limited = limited(messages);
    variedRecords.put(name, limited);
    return limited;
  }

  private static List<Json> limited(List<Json> messages) {
    return messages.size() > MOST ? messages.subList(0, MOST) : messages;
  }
}
