package dev.troth.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value (RFC 8259), immutable and compared as JSON Schema compares: numbers by mathematical
 * value ({@code 1} equals {@code 1.0}), objects regardless of the order of their members.
 */
public sealed interface Json {
  /** The name of this value's type in JSON Schema's words; {@code number} for every number. */
  String typeName();

  /** A JSON object; members keep the order in which they were written. */
  record Obj(Map<String, Json> members) implements Json {
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Override
    public String typeName() {
      return "object";
    }

    /** The member of that name. */
    public Optional<Json> get(String name) {
      return Optional.ofNullable(members.get(name));
    }

    /** The text of the member of that name, if it is a string. */
    public Optional<String> text(String name) {
      return members.get(name) instanceof Str text ? Optional.of(text.value()) : Optional.empty();
    }

    @Override
    public String toString() {
      return JsonWriter.compact(this);
    }
  }

  /** A JSON array. */
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = Collections.unmodifiableList(new ArrayList<>(items));
    }

    @Override
    public String typeName() {
      return "array";
    }

    @Override
    public String toString() {
      return JsonWriter.compact(this);
    }
  }

  /** A JSON string: Unicode text without lone surrogates. */
  record Str(String value) implements Json {
    @Override
    public String typeName() {
      return "string";
    }

    /** The number of Unicode characters, as {@code minLength} counts them. */
    public int length() {
      return value.codePointCount(0, value.length());
    }

    @Override
    public String toString() {
      return JsonWriter.compact(this);
    }
  }

  /** A JSON number with its exact value; the scale tells {@code 1} from {@code 1.0}. */
  record Num(BigDecimal value) implements Json {
    public static Num of(long value) {
      return new Num(BigDecimal.valueOf(value));
    }

    @Override
    public String typeName() {
      return "number";
    }

    /** Whether the value has no fraction: {@code 1.0} and {@code 1e2} are whole. */
    public boolean isWhole() {
      return value.signum() == 0 || value.scale() <= 0 || value.stripTrailingZeros().scale() <= 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Num number && value.compareTo(number.value) == 0;
    }

    @Override
    public int hashCode() {
      return value.signum() == 0 ? 0 : value.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
      return JsonWriter.compact(this);
    }
  }

  /** {@code true} or {@code false}. */
  enum Bool implements Json {
    FALSE,
    TRUE;

    public static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    public boolean value() {
      return this == TRUE;
    }

    @Override
    public String typeName() {
      return "boolean";
    }

    @Override
    public String toString() {
      return value() ? "true" : "false";
    }
  }

  /** {@code null}. */
  enum Null implements Json {
    NULL;

    @Override
    public String typeName() {
      return "null";
    }

    @Override
    public String toString() {
      return "null";
    }
  }
}
