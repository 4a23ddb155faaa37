package dev.troth.orders.order;

import dev.troth.orders.http.Json;
import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a customer asks for: who, in which currency, which articles. */
public record OrderRequest(String customer, String currency, List<OrderLine> items) {
  private static final Set<String> CURRENCIES = Set.of("CHF", "EUR", "GBP", "USD");
  private static final Pattern SKU = Pattern.compile("[A-Z0-9][A-Z0-9-]{2,19}");
  private static final Set<String> FIELDS = Set.of("customer", "currency", "items");
  private static final Set<String> LINE_FIELDS = Set.of("sku", "quantity", "unitCents");
  private static final int MAX_LINES = 50;
  private static final int MAX_QUANTITY = 1_000;
  private static final long MAX_UNIT_CENTS = 10_000_000;

  public OrderRequest {
    items = List.copyOf(items);
  }

  /** Reads a request; all that is wrong with it is told at once, in a 422. */
  public static OrderRequest read(byte[] body) {
    JsonNode document = Json.read(body);
    Reader reader = new Reader();
    if (!document.isObject()) {
      throw new Problem(422, "The order is not valid", "expected an object with customer, items");
    }
    reader.only(document, "", FIELDS);
    Optional<String> customer = reader.text(document, "", "customer", 1, 100);
    Optional<String> currency =
        reader
            .text(document, "", "currency", 1, 10)
            .filter(code -> reader.holds(CURRENCIES.contains(code), "/currency", currencies(code)));
    List<OrderLine> items = reader.lines(document.path("items"));
    if (!reader.violations.isEmpty()) {
      throw new Problem(
          422,
          "The order is not valid",
          reader.violations.getFirst().pointer() + ": " + reader.violations.getFirst().detail(),
          reader.violations);
    }
    return new OrderRequest(customer.orElseThrow(), currency.orElseThrow(), items);
  }

  private static String currencies(String code) {
    return "is '%s', expected one of CHF, EUR, GBP, USD".formatted(code);
  }

  /** Collects what is wrong instead of stopping at the first. */
  private static final class Reader {
    final List<Violation> violations = new ArrayList<>();

    boolean holds(boolean holds, String pointer, String detail) {
      if (!holds) {
        violations.add(new Violation(pointer, detail));
      }
      return holds;
    }

    void only(JsonNode object, String at, Set<String> fields) {
      object.propertyNames().stream()
          .filter(name -> !fields.contains(name))
          .sorted()
          .forEach(name -> holds(false, at + "/" + name, "is not known here"));
    }

    Optional<String> text(JsonNode object, String at, String field, int least, int most) {
      JsonNode value = object.path(field);
      String pointer = at + "/" + field;
      if (!holds(value.isString(), pointer, "is " + found(value) + ", expected a string")) {
        return Optional.empty();
      }
      String text = value.stringValue();
      return holds(
              text.length() >= least && text.length() <= most,
              pointer,
              "has %d characters, expected %d to %d".formatted(text.length(), least, most))
          ? Optional.of(text)
          : Optional.empty();
    }

    Optional<Long> whole(JsonNode object, String at, String field, long least, long most) {
      JsonNode value = object.path(field);
      boolean fits =
          value.isIntegralNumber()
              && value.canConvertToLong()
              && value.longValue() >= least
              && value.longValue() <= most;
      return holds(
              fits,
              at + "/" + field,
              "is %s, expected a whole number from %d to %d".formatted(found(value), least, most))
          ? Optional.of(value.longValue())
          : Optional.empty();
    }

    List<OrderLine> lines(JsonNode items) {
      boolean countFits = items.isArray() && !items.isEmpty() && items.size() <= MAX_LINES;
      if (!holds(countFits, "/items", "expected an array of 1 to " + MAX_LINES + " lines")) {
        return List.of();
      }
      List<OrderLine> lines = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        line(items.get(i), "/items/" + i).ifPresent(lines::add);
      }
      return lines;
    }

    Optional<OrderLine> line(JsonNode line, String at) {
      if (!holds(line.isObject(), at, "is " + found(line) + ", expected an object")) {
        return Optional.empty();
      }
      only(line, at, LINE_FIELDS);
      Optional<String> sku =
          text(line, at, "sku", 3, 20)
              .filter(text ->
                  holds(
                      SKU.matcher(text).matches(),
                      at + "/sku",
                      "is '%s', expected capitals, digits and dashes".formatted(text)));
      Optional<Long> quantity = whole(line, at, "quantity", 1, MAX_QUANTITY);
      Optional<Long> unitCents = whole(line, at, "unitCents", 0, MAX_UNIT_CENTS);
      if (sku.isEmpty() || quantity.isEmpty() || unitCents.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(new OrderLine(sku.get(), quantity.get().intValue(), unitCents.get()));
    }

    private static String found(JsonNode value) {
      return switch (value.getNodeType()) {
        case MISSING -> "missing";
        case STRING -> "a string";
        case OBJECT -> "an object";
        case ARRAY -> "an array";
        case NULL -> "null";
        case NUMBER, BOOLEAN -> value.asString();
        case BINARY, POJO -> "of another kind";
      };
    }
  }
}
