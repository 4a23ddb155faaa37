package dev.troth.cel;

import dev.troth.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A value of CEL. */
public sealed interface Value {
  /** The name of the type in messages. */
  String type();

  record Null() implements Value {
    @Override
    public String type() {
      return "null";
    }
  }

  record Bool(boolean value) implements Value {
    @Override
    public String type() {
      return "bool";
    }
  }

  record Int(long value) implements Value {
    @Override
    public String type() {
      return "int";
    }
  }

  record Real(double value) implements Value {
    @Override
    public String type() {
      return "double";
    }
  }

  /** A number with its exact value, where an environment has numbers of this kind. */
  record Decimal(BigDecimal value) implements Value {
    @Override
    public String type() {
      return "number";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Decimal number && value.compareTo(number.value) == 0;
    }

    @Override
    public int hashCode() {
      return value.signum() == 0 ? 0 : value.stripTrailingZeros().hashCode();
    }
  }

  record Text(String value) implements Value {
    @Override
    public String type() {
      return "string";
    }
  }

  /** A text of the data that counts as a number beside a number: {@code "007"}. */
  record NumericText(String value, BigDecimal number) implements Value {
    @Override
    public String type() {
      return "string";
    }
  }

  record Time(Instant value) implements Value {
    @Override
    public String type() {
      return "timestamp";
    }
  }

  record Span(Duration value) implements Value {
    @Override
    public String type() {
      return "duration";
    }
  }

  record Items(List<Value> values) implements Value {
    @Override
    public String type() {
      return "list";
    }
  }

  /** An object of the document. */
  record Members(Json.Obj object) implements Value {
    @Override
    public String type() {
      return "map";
    }
  }

  /** A JSON number without fraction that fits 64 bits is an int, every other one a double. */
  static Value of(Json json) {
    return switch (json) {
      case Json.Null _ -> new Null();
      case Json.Bool bool -> new Bool(bool.value());
      case Json.Str text -> new Text(text.value());
      case Json.Num number -> number(number.value());
      case Json.Obj object -> new Members(object);
      case Json.Arr array -> {
        List<Value> values = new ArrayList<>();
        array.items().forEach(item -> values.add(of(item)));
        yield new Items(values);
      }
    };
  }

  private static Value number(BigDecimal value) {
    if (value.scale() == 0 && value.precision() <= 18) {
      return new Int(value.longValue());
    }
    boolean whole = value.scale() <= 0 && value.precision() - value.scale() <= 19;
    if (whole && value.toBigInteger().bitLength() < 64) {
      return new Int(value.longValueExact());
    }
    return new Real(value.doubleValue());
  }
}
