package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.JsonTape;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches JWK sets and OpenID configurations. Follows no redirect, reads no more than 512 KiB,
 * waits no longer than it is told, and speaks plain HTTP to this machine and to hosts that are
 * listed.
 */
public final class JwksFetcher {
  private static final int MAX_BYTES = 512 * 1024;

  private final Duration timeout;
  private final HttpClient http;
  private final Set<String> plainHosts;

  /** For https, and http to this machine. */
  public JwksFetcher(Duration timeout) {
    this(timeout, Set.of());
  }

  /** Allows http to some hosts as well: what they answer, anybody on the way could have written. */
  public JwksFetcher(Duration timeout, Set<String> plainHosts) {
    this.timeout = timeout;
    this.plainHosts = Set.copyOf(plainHosts);
    http =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** The set at an address; a {@link KeyException} says why there is none. */
  public PublicKeySet fetch(URI address) {
    return PublicKeySet.parse(get(address));
  }

  /** The address of an issuer's keys (OpenID Connect Discovery 1.0 §4). */
  public URI discover(String issuer) {
    URI address = URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration");
    byte[] json = get(address);
    JsonTape tape = new JsonTape(2048, 8, json.length);
    if (tape.parse(json, 0, json.length) != JsonTape.Outcome.OK) {
      throw new KeyException(address + " is not a JSON object");
    }
    if (!text(tape, "issuer").equals(issuer)) {
      throw new KeyException(
          "%s says its issuer is '%s', expected '%s'"
              .formatted(address, text(tape, "issuer"), issuer));
    }
    String keys = text(tape, "jwks_uri");
    if (keys.isEmpty()) {
      throw new KeyException(address + " has no jwks_uri");
    }
    return checked(URI.create(keys));
  }

  /** One time for all of it: an answer that begins and never ends costs no more than none. */
  private byte[] get(URI address) {
    HttpRequest request =
        HttpRequest.newBuilder(checked(address)).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new KeyException(address + " answers " + response.statusCode() + ", expected 200");
      }
      return response.body();
    } catch (ExecutionException e) {
      throw new KeyException(address + " cannot be fetched: " + reason(e), e);
    } catch (TimeoutException e) {
      throw new KeyException(address + " did not answer within " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KeyException(address + ": interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  private static String reason(ExecutionException failure) {
    Throwable cause = failure.getCause();
    return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
  }

  private URI checked(URI address) {
    String scheme = String.valueOf(address.getScheme());
    String host = address.getHost();
    boolean plain = scheme.equals("http") && host != null;
    if (host == null
        || !(scheme.equals("https")
            || (plain && (plainHosts.contains(host) || isLoopback(host))))) {
      throw new KeyException(
          "%s is not an https address; http is for this machine and the hosts of --jwks-http-host"
              .formatted(address));
    }
    return address;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String text(JsonTape tape, String name) {
    int value = tape.member(name.getBytes(UTF_8));
    return tape.kind(value) == JsonTape.STRING
        ? new String(tape.text(), tape.start(value), tape.end(value) - tape.start(value), UTF_8)
        : "";
  }
}
