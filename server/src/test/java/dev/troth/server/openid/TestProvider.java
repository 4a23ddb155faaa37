package dev.troth.server.openid;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A provider whose every answer a test may spoil. It keeps PKCE, codes that count once, and its
 * client's secret.
 */
final class TestProvider implements AutoCloseable {
  static final String SECRET = "s3cret/+";

  final HttpServer server;
  final Map<String, Object> claims = new LinkedHashMap<>();
  final Map<String, Object> metadata = new LinkedHashMap<>();
  final Map<String, Object> userinfo = new LinkedHashMap<>();
  final List<String> refused = Collections.synchronizedList(new ArrayList<>());

  /** The groups of who signed in with a code, where they are not the claims'. */
  final Map<String, Object> byCode = new ConcurrentHashMap<>();

  /** What anybody asked of it, by path. */
  final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  /** What codes have to wait for. */
  volatile CountDownLatch open = new CountDownLatch(0);

  /** What becomes of an ID token before it is given away. */
  UnaryOperator<String> spoil = token -> token;

  private final InstantSource clock;
  private final KeyPair keys;
  private final Map<String, Map<String, String>> codes =
      Collections.synchronizedMap(new HashMap<>());

  private final AtomicInteger given = new AtomicInteger();

  TestProvider(InstantSource clock) {
    this.clock = clock;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      keys = generator.generateKeyPair();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    metadata.put("issuer", issuer());
    metadata.put("authorization_endpoint", issuer() + "/authorize?tenant=1");
    metadata.put("token_endpoint", issuer() + "/token");
    metadata.put("userinfo_endpoint", issuer() + "/userinfo");
    metadata.put("jwks_uri", issuer() + "/keys");
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/.well-known/openid-configuration",
        exchange -> {
          count("metadata");
          send(exchange, 200, metadata);
        });
    server.createContext("/keys", exchange -> send(exchange, 200, jwks()));
    server.createContext("/token", this::token);
    server.createContext("/userinfo", exchange -> send(exchange, 200, userinfo));
    server.start();
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What the person at the browser does: signs in, and is sent back to this address. */
  String signedIn(String authorization) {
    Map<String, String> asked = form(URI.create(authorization).getRawQuery());
    String code = "code" + given.getAndIncrement();
    codes.put(code, asked);
    return asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state");
  }

  int asked(String what) {
    return asked.getOrDefault(what, new AtomicInteger()).get();
  }

  private void count(String what) {
    asked.computeIfAbsent(what, _ -> new AtomicInteger()).incrementAndGet();
  }

  private void token(HttpExchange exchange) throws IOException {
    count("token");
    Map<String, String> given =
        form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    if (given.getOrDefault("code", "").startsWith("slow")) {
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    Map<String, String> asked = codes.remove(given.getOrDefault("code", ""));
    String basic =
        "Basic "
            + encode64("troth:s3cret%2F%2B".getBytes(StandardCharsets.UTF_8), Base64.getEncoder());
    String trouble =
        asked == null
            ? "invalid_grant"
            : !basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                ? "invalid_client"
                : !asked.getOrDefault("redirect_uri", "-").equals(given.get("redirect_uri"))
                        || !asked
                            .getOrDefault("code_challenge", "-")
                            .equals(hash(given.getOrDefault("code_verifier", "")))
                        || !"S256".equals(asked.get("code_challenge_method"))
                    ? "invalid_grant"
                    : "";
    if (!trouble.isEmpty() || asked == null) {
      refused.add(trouble);
      send(exchange, 400, Map.of("error", trouble));
      return;
    }
    long now = clock.instant().getEpochSecond();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("iss", issuer());
    all.put("aud", "troth");
    all.put("sub", "u1");
    all.put("iat", now);
    all.put("exp", now + 300);
    all.put("nonce", asked.get("nonce"));
    all.putAll(claims);
    Object groups = byCode.get(given.getOrDefault("code", ""));
    if (groups != null) {
      all.put("groups", groups);
    }
    send(
        exchange,
        200,
        Map.of("access_token", "at", "token_type", "Bearer", "id_token", spoil.apply(sign(all))));
  }

  String sign(Map<String, Object> all) {
    String text =
        encode("{\"alg\":\"RS256\",\"kid\":\"k1\"}")
            + "."
            + encode(Json.mapper().writeValueAsString(all));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return text + "." + encode64(signature.sign(), Base64.getUrlEncoder().withoutPadding());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, Object> jwks() {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    return Map.of(
        "keys",
        List.of(
            Map.of(
                "kty",
                "RSA",
                "use",
                "sig",
                "alg",
                "RS256",
                "kid",
                "k1",
                "n",
                number(key.getModulus()),
                "e",
                number(key.getPublicExponent()))));
  }

  private static String number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    byte[] plain = java.util.Arrays.copyOfRange(bytes, from, bytes.length);
    return encode64(plain, Base64.getUrlEncoder().withoutPadding());
  }

  private static void send(HttpExchange exchange, int status, Map<String, Object> body)
      throws IOException {
    byte[] bytes = Json.mapper().writeValueAsBytes(body);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  static Map<String, String> form(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : text.split("&")) {
      String[] parts = pair.split("=", 2);
      fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return fields;
  }

  private static String hash(String verifier) {
    try {
      return encode64(
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8)),
          Base64.getUrlEncoder().withoutPadding());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(String text) {
    return encode64(text.getBytes(StandardCharsets.UTF_8), Base64.getUrlEncoder().withoutPadding());
  }

  private static String encode64(byte[] bytes, Base64.Encoder encoder) {
    return encoder.encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
