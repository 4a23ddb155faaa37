package dev.troth.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON bodies: read strictly, so that a misspelt or doubled member is a problem document and never
 * silently lost, and written plainly.
 */
public final class Json {
  /** The longest text of a body, in characters. */
  public static final int LONGEST_TEXT = 1 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(100)
                          .maxStringLength(LONGEST_TEXT)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A price of 0.1 is not the nearest fraction of two.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final int UNPACKED = 1 << 20;

  private Json() {}

  /** The mapper that all of the server shares; immutable. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * The request's body as a record; 415 without {@code application/json}, 400 if it does not fit.
   */
  public static <T> T read(ServerRequest request, Class<T> type) {
    requireType(request, "application/json");
    return parse(body(request), type);
  }

  /** The request's body as a tree, for shapes that are not known beforehand. */
  public static JsonNode readTree(ServerRequest request) {
    requireType(request, "application/json");
    return parse(body(request), JsonNode.class);
  }

  /**
   * The request's bytes, whatever their type, unpacked if they are gzip; as many as the caller may
   * send, and at most {@value #UNPACKED} bytes after unpacking.
   */
  public static byte[] body(ServerRequest request) {
    return PackedBodies.plain(request, Bodies.read(request), UNPACKED, 1);
  }

  /** JSON text as a record, or 400. */
  public static <T> T parse(byte[] text, Class<T> type) {
    if (text.length == 0) {
      throw Problem.badRequest("the body is empty, expected JSON").toException();
    }
    requireCharacters(text);
    try {
      T value = MAPPER.readValue(text, type);
      if (value == null) {
        throw Problem.badRequest("the body is null, expected an object").toException();
      }
      return value;
    } catch (JacksonException e) {
      throw Problem.badRequest(explain(e)).toException();
    }
  }

  /** Refuses escapes that stand for no character, or for one that not every database takes. */
  public static void requireCharacters(byte[] text) {
    int high = -1;
    for (int i = 0; i < text.length; i++) {
      int unit = -1;
      if (text[i] == '\\' && i + 1 < text.length) {
        i++;
        if (text[i] == 'u' && i + 4 < text.length) {
          unit = hex(text, i + 1);
          i += 4;
        }
      }
      boolean low = unit >= 0xDC00 && unit <= 0xDFFF;
      if (unit == 0 || low != (high >= 0)) {
        throw Problem.badRequest(
                unit == 0
                    ? "the body has the character U+0000, expected texts without it"
                    : "the body has half of a character (U+%04X), expected both halves"
                        .formatted(high >= 0 ? high : unit))
            .toException();
      }
      high = unit >= 0xD800 && unit <= 0xDBFF ? unit : -1;
    }
  }

  /** Four hexadecimal digits; -1 if they are none, which the parser says. */
  private static int hex(byte[] text, int from) {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  /** Ends the request with 415 unless its body has one of these media types. */
  public static void requireType(ServerRequest request, String... types) {
    Optional<String> given = request.headers().first(HeaderNames.CONTENT_TYPE);
    String type = given.orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!List.of(types).contains(type)) {
      throw Problem.of(
              415,
              "Content-Type is %s, expected %s"
                  .formatted(given.orElse("missing"), String.join(" or ", types)))
          .toException();
    }
  }

  /** Answers 200 with a value as JSON. */
  public static void send(ServerResponse response, Object value) {
    send(response, 200, value);
  }

  /** Answers with a status and a value as JSON. */
  public static void send(ServerResponse response, int status, Object value) {
    byte[] answer = Bodies.holdAnswer(MAPPER.writeValueAsBytes(value));
    response.status(status).header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(answer);
  }

  /** Answers with a problem document. */
  public static void send(ServerResponse response, Problem problem) {
    response
        .status(problem.status())
        .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
        .header(HeaderNames.CACHE_CONTROL, "no-store");
    if (problem.status() == 401) {
      // RFC 9110 §11.6.1
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"troth\"");
    }
    Object wait = problem.more().get(Problem.RETRY_AFTER);
    if (wait != null) {
      response.header(HeaderNames.RETRY_AFTER, wait.toString());
    }
    response.send(MAPPER.writeValueAsBytes(problem.members()));
  }

  /** Writes an enum constant as its word: {@code NO_DATA} as {@code no data}. */
  public static final class Word extends ValueSerializer<Enum<?>> {
    @Override
    public void serialize(Enum<?> constant, JsonGenerator out, SerializationContext context) {
      out.writeString(constant.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }

  /** What is wrong with a text, without a word of what reads it. */
  public static String explain(JacksonException e) {
    String place =
        e.getLocation() == null || e.getLocation().getLineNr() < 1
            ? ""
            : " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return switch (e) {
      case UnrecognizedPropertyException unknown ->
          "%s is not a known member%s, expected one of %s"
              .formatted(
                  unknown.getPropertyName(),
                  place,
                  unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList());
      case InputCoercionException _ ->
          "a number of the body is out of range%s, expected a whole number of at most 18 digits"
              .formatted(place);
      case DatabindException unfit when unfit.getCause() instanceof IllegalArgumentException why ->
          String.valueOf(why.getMessage());
      case MismatchedInputException unfit when unfit.getTargetType() != null ->
          "the body is not the JSON expected: %s%s".formatted(expectation(unfit), place);
      default ->
          "the body is not the JSON expected: "
              + e.getOriginalMessage().replaceAll("\\s*\\([^()]*\\[Source:.*\\)", "")
              + place;
    };
  }

  /** What was wanted, in JSON's words: the classes that are read into are nobody's business. */
  private static String expectation(MismatchedInputException unfit) {
    String member =
        unfit.getPath().isEmpty()
            ? "the body"
            : unfit.getPath().stream()
                .map(step ->
                    step.getPropertyName() == null
                        ? "[%d]".formatted(step.getIndex())
                        : step.getPropertyName())
                .collect(Collectors.joining("."));
    Class<?> type = unfit.getTargetType();
    String wanted;
    if (type == null) {
      wanted = "another value";
    } else if (type == String.class) {
      wanted = "a text";
    } else if (type == boolean.class || type == Boolean.class) {
      wanted = "true or false";
    } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      wanted = "a number";
    } else if (Collection.class.isAssignableFrom(type)) {
      wanted = "a list";
    } else {
      wanted = "an object";
    }
    return member + " is of another type, expected " + wanted;
  }
}
