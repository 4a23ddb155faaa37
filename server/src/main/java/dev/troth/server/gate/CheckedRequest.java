package dev.troth.server.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.troth.gate.Claims;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.Reason;
import dev.troth.gate.http.ServiceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The request that a {@code CheckRequest} is about: attributes (1), request (4), http (2).
 *
 * @param fields the headers in order, each a name in lower case and a value
 */
record CheckedRequest(String method, String path, List<Field> fields) {
  private static final String SCHEME = "bearer ";
  private static final int MAX_VALUES = 512;
  private static final int MAX_DEPTH = 16;

  /** A header. */
  record Field(String name, String value) {}

  CheckedRequest {
    fields = List.copyOf(fields);
  }

  static CheckedRequest read(byte[] request) throws IOException {
    String method = "";
    String path = "";
    List<Field> fields = new ArrayList<>();
    for (byte[] attributes : fields(request, 1)) {
      for (byte[] asked : fields(attributes, 4)) {
        for (byte[] http : fields(asked, 2)) {
          method = last(http, 2);
          path = last(http, 4);
          // A map of texts (3), or a list of names with raw values (13, in it 1).
          for (byte[] entry : fields(http, 3)) {
            fields.add(field(entry));
          }
          for (byte[] list : fields(http, 13)) {
            for (byte[] entry : fields(list, 1)) {
              fields.add(field(entry));
            }
          }
        }
      }
    }
    return new CheckedRequest(method, path, fields);
  }

  /** The token; empty if there is none, or if two places could be meant. */
  String token(String cookie) {
    List<String> credentials = values("authorization");
    if (credentials.isEmpty() && !cookie.isEmpty()) {
      return cookie(cookie);
    }
    return credentials.size() == 1
            && credentials.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? credentials.getFirst().substring(SCHEME.length()).strip()
        : "";
  }

  private String cookie(String name) {
    List<String> found = new ArrayList<>();
    for (String field : values("cookie")) {
      for (String pair : field.split(";", -1)) {
        if (pair.strip().startsWith(name + "=")) {
          found.add(pair.strip().substring(name.length() + 1));
        }
      }
    }
    return found.size() == 1 ? found.getFirst() : "";
  }

  boolean isPreflight() {
    return method.equals("OPTIONS")
        && values("authorization").isEmpty()
        && values("origin").size() == 1
        && values("access-control-request-method").size() == 1;
  }

  boolean isOpen(ServiceSettings settings) {
    byte[] verb = method.getBytes(UTF_8);
    byte[] target = path.getBytes(UTF_8);
    return settings.rules().copy().isOpen(verb, 0, verb.length, target, 0, target.length);
  }

  /** Whether the claims of a genuine token are enough for the path. */
  Reason permitted(ServiceSettings settings, Claims claims) {
    if (settings.rules().isEmpty()) {
      return Reason.VALID;
    }
    byte[] json = claims.utf8();
    JsonTape tape = new JsonTape(MAX_VALUES, MAX_DEPTH, json.length);
    if (tape.parse(json, 0, json.length) != JsonTape.Outcome.OK) {
      return Reason.VALIDATOR_FAILED;
    }
    byte[] verb = method.getBytes(UTF_8);
    byte[] target = path.getBytes(UTF_8);
    return settings
        .rules()
        .copy()
        .check(verb, 0, verb.length, target, 0, target.length, tape, json);
  }

  private List<String> values(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
  }

  private static Field field(byte[] entry) throws IOException {
    String raw = last(entry, 3);
    return new Field(last(entry, 1).toLowerCase(Locale.ROOT), raw.isEmpty() ? last(entry, 2) : raw);
  }

  private static String last(byte[] message, int field) throws IOException {
    List<byte[]> values = fields(message, field);
    return values.isEmpty() ? "" : new String(values.getLast(), UTF_8);
  }

  /** The length-delimited values of one field. */
  private static List<byte[]> fields(byte[] message, int field) throws IOException {
    List<byte[]> values = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == field
          && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        values.add(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
    return values;
  }
}
