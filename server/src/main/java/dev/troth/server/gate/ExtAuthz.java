package dev.troth.server.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.troth.gate.Claims;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Reason;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.serve.VerdictListener;
import java.io.IOException;
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
  private static final int MAX_VALUE_CHARS = 1024;
  private static final int UNAUTHENTICATED = 16;
  private static final int PERMISSION_DENIED = 7;
  private static final int HTTP_UNAUTHORIZED = 401;
  private static final int HTTP_FORBIDDEN = 403;

  private final Function<String, Verdict> gate;
  private final ServiceSettings settings;
  private final Map<String, String> claimHeaders;
  private final VerdictListener listener;

  /** With what judges a token (an empty one is no token), and how proxies are answered. */
  public ExtAuthz(Function<String, Verdict> gate, ServiceSettings settings) {
    this(gate, settings, VerdictListener.NONE);
  }

  /** The same, which tells somebody of each verdict. */
  public ExtAuthz(
      Function<String, Verdict> gate, ServiceSettings settings, VerdictListener listener) {
    this.gate = gate;
    this.settings = settings;
    this.listener = listener;
    claimHeaders = new TreeMap<>(settings.claimHeaders().byClaim());
  }

  /** The answer to a {@code CheckRequest}; an exception if it is none. */
  byte[] check(byte[] request) throws InvalidProtocolBufferException {
    CheckedRequest asked;
    try {
      asked = CheckedRequest.read(request);
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
    String token = asked.token(settings.cookie());
    if (token.isEmpty()
        && (settings.preflight() && asked.isPreflight() || asked.isOpen(settings))) {
      return allowed(claim -> Optional.empty());
    }
    return switch (gate.apply(token)) {
      case Verdict.Valid(Claims claims) -> {
        Reason reason = asked.permitted(settings, claims);
        tell(token, reason, asked);
        yield reason == Reason.VALID ? allowed(claims::text) : denied(reason);
      }
      case Verdict.Refused(Reason reason) -> {
        tell(token, reason, asked);
        yield denied(reason);
      }
    };
  }

  private void tell(String token, Reason reason, CheckedRequest asked) {
    if (listener.isListening() && !token.isEmpty()) {
      // The rules read the path as bytes in UTF-8.
      String path = new String(asked.path().getBytes(UTF_8), ISO_8859_1);
      listener.told(token.getBytes(UTF_8), reason, new VerdictListener.Place(asked.method(), path));
    }
  }

  private byte[] allowed(Function<String, Optional<String>> claims) {
    ProtoWriter response = new ProtoWriter();
    claimHeaders.forEach((claim, header) -> {
      Optional<String> value = claims.apply(claim).filter(ExtAuthz::isSafe);
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
            : "Bearer realm=\"troth\", error=\"%s\", error_description=\"%s\""
                .formatted(
                    reason.isForbidden() ? "insufficient_scope" : "invalid_token",
                    reason.wording());
    String body =
        "{\"valid\":false,\"error\":\"%s\",\"reason\":\"%s\"}"
            .formatted(reason.wording(), reason.code());
    ProtoWriter response =
        new ProtoWriter()
            .message(
                1,
                new ProtoWriter()
                    .number(1, reason.isForbidden() ? HTTP_FORBIDDEN : HTTP_UNAUTHORIZED))
            .message(2, header("WWW-Authenticate", challenge))
            .message(2, header("Content-Type", "application/json"))
            .message(2, header("Cache-Control", "no-store"))
            .text(3, body);
    return new ProtoWriter()
        .message(
            1, status(reason.isForbidden() ? PERMISSION_DENIED : UNAUTHENTICATED, reason.code()))
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
}
