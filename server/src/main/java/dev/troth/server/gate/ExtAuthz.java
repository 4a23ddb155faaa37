package dev.troth.server.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.troth.gate.Claims;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Envoy's question over gRPC, {@code envoy.service.auth.v3.Authorization/Check}: reads the headers
 * out of a {@code CheckRequest} and writes a {@code CheckResponse}. Of both messages it knows the
 * few fields that it needs, by their numbers.
 *
 * <p>The listed claims go on to the service as headers. They overwrite what the client sent under
 * the same names, and a listed header whose claim is not there is removed: nobody can forge one.
 */
public final class ExtAuthz {
  private static final String SCHEME = "bearer ";
  private static final int MAX_VALUE_CHARS = 1024;
  private static final int UNAUTHENTICATED = 16;
  private static final int HTTP_UNAUTHORIZED = 401;

  private final Function<String, Verdict> gate;
  private final Map<String, String> claimHeaders;

  /**
   * With what judges a token (an empty one is no token), and the headers by the claims that they
   * carry.
   */
  public ExtAuthz(Function<String, Verdict> gate, Map<String, String> claimHeaders) {
    this.gate = gate;
    this.claimHeaders = new TreeMap<>(claimHeaders);
  }

  /** The answer to a {@code CheckRequest}; an exception if it is none. */
  byte[] check(byte[] request) throws InvalidProtocolBufferException {
    List<String> credentials;
    try {
      credentials = credentials(request);
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
    return switch (gate.apply(token(credentials))) {
      case Verdict.Valid(Claims claims) -> allowed(claims);
      case Verdict.Refused(Reason reason) -> denied(reason);
    };
  }

  /** Two fields of {@code Authorization} are ambiguous, as good as none. */
  private static String token(List<String> credentials) {
    return credentials.size() == 1
            && credentials.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? credentials.getFirst().substring(SCHEME.length()).strip()
        : "";
  }

  private byte[] allowed(Claims claims) {
    ProtoWriter response = new ProtoWriter();
    claimHeaders.forEach((claim, header) -> {
      Optional<String> value = claims.text(claim).filter(ExtAuthz::isSafe);
      if (value.isPresent()) {
        response.message(2, header(header, value.get()));
      } else {
        response.text(5, header);
      }
    });
    return new ProtoWriter().message(1, status(0, "")).message(3, response).toBytes();
  }

  private static byte[] denied(Reason reason) {
    boolean missing = reason == Reason.TOKEN_MISSING;
    String challenge =
        missing
            ? "Bearer realm=\"troth\""
            : "Bearer realm=\"troth\", error=\"invalid_token\", error_description=\"%s\""
                .formatted(reason.wording());
    String body =
        "{\"valid\":false,\"error\":\"%s\",\"reason\":\"%s\"}"
            .formatted(reason.wording(), reason.code());
    ProtoWriter response =
        new ProtoWriter()
            .message(1, new ProtoWriter().number(1, HTTP_UNAUTHORIZED))
            .message(2, header("WWW-Authenticate", challenge))
            .message(2, header("Content-Type", "application/json"))
            .message(2, header("Cache-Control", "no-store"))
            .text(3, body);
    return new ProtoWriter()
        .message(1, status(UNAUTHENTICATED, reason.code()))
        .message(2, response)
        .toBytes();
  }

  private static ProtoWriter status(int code, String message) {
    return new ProtoWriter().number(1, code).text(2, message);
  }

  /** A {@code HeaderValueOption} that overwrites (OVERWRITE_IF_EXISTS_OR_ADD). */
  private static ProtoWriter header(String name, String value) {
    return new ProtoWriter()
        .message(1, new ProtoWriter().text(1, name).text(2, value))
        .number(3, 2);
  }

  private static boolean isSafe(String value) {
    return value.length() <= MAX_VALUE_CHARS && value.chars().allMatch(c -> c >= 0x20 && c != 0x7F);
  }

  /** The values of the field {@code authorization}: attributes (1), request (4), http (2). */
  private static List<String> credentials(byte[] request) throws IOException {
    List<String> found = new ArrayList<>();
    for (byte[] attributes : fields(request, 1)) {
      for (byte[] asked : fields(attributes, 4)) {
        for (byte[] http : fields(asked, 2)) {
          // A map of texts (3), or a list of names with raw values (13, in it 1).
          for (byte[] entry : fields(http, 3)) {
            addIfCredentials(entry, found);
          }
          for (byte[] list : fields(http, 13)) {
            for (byte[] entry : fields(list, 1)) {
              addIfCredentials(entry, found);
            }
          }
        }
      }
    }
    return found;
  }

  private static void addIfCredentials(byte[] entry, List<String> found) throws IOException {
    if (last(entry, 1).equalsIgnoreCase("authorization")) {
      String raw = last(entry, 3);
      found.add(raw.isEmpty() ? last(entry, 2) : raw);
    }
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
