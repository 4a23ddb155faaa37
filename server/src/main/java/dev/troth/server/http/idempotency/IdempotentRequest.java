package dev.troth.server.http.idempotency;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A write that its client may send again.
 *
 * @param key the client's {@code Idempotency-Key}
 * @param fingerprint SHA-256 of method, path and body: what a repetition has to equal; empty
 *     without a key
 */
public record IdempotentRequest(Optional<String> key, String fingerprint) {
  private static final HeaderName KEY = HeaderNames.create("Idempotency-Key");

  public static IdempotentRequest of(ServerRequest request, byte[] body) {
    Optional<String> key = request.headers().first(KEY);
    return new IdempotentRequest(key, key.isEmpty() ? "" : fingerprint(request, body));
  }

  private static String fingerprint(ServerRequest request, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String line = request.prologue().method().text() + " " + request.path().rawPath() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
