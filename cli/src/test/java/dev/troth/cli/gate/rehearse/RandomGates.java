package dev.troth.cli.gate.rehearse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.Claims;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Trust;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.Reason;
import dev.troth.gate.http.PathRules;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.keys.Revocations;
import dev.troth.gate.serve.VerdictListener.Place;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Keys, policies, rules and tokens by chance, and the real verdict of a gate on a request. */
final class RandomGates {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final List<Signing> POOL = pool();

  private final RandomGenerator random;

  RandomGates(RandomGenerator random) {
    this.random = random;
  }

  /** Something that signs: a pair of keys or a secret. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Signing(Algorithm algorithm, @Nullable KeyPair pair, byte[] secret) {
    GateKey key(String id) {
      return pair == null
          ? new GateKey.Secret(id, EnumSet.of(algorithm), secret)
          : new GateKey.Public(id, EnumSet.of(algorithm), pair.getPublic());
    }

    byte[] sign(byte[] data) throws GeneralSecurityException {
      if (pair == null) {
        return Signers.mac(new GateKey.Secret("", EnumSet.of(algorithm), secret), algorithm, data);
      }
      Signature signature =
          Signature.getInstance(
              switch (algorithm) {
                case ES256 -> "SHA256withECDSAinP1363Format";
                case RS256 -> "SHA256withRSA";
                default -> "EdDSA";
              });
      signature.initSign(pair.getPrivate());
      signature.update(data);
      return signature.sign();
    }
  }

  private static List<Signing> pool() {
    List<Signing> pool = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        pool.add(new Signing(Algorithm.ES256, ec.generateKeyPair(), new byte[0]));
        byte[] secret = new byte[40];
        Arrays.fill(secret, (byte) (i + 1));
        pool.add(new Signing(Algorithm.HS256, null, secret));
      }
      pool.add(
          new Signing(
              Algorithm.EdDSA,
              KeyPairGenerator.getInstance("Ed25519").generateKeyPair(),
              new byte[0]));
      KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
      rsa.initialize(2048);
      pool.add(new Signing(Algorithm.RS256, rsa.generateKeyPair(), new byte[0]));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return List.copyOf(pool);
  }

  /** What a gate is made of; its verdict on a request is the real one. */
  record Setup(List<Trust> trusts, PathRules rules) {
    Reason verdict(String token, @Nullable Place place, Instant at) {
      Gate gate = new Gate(trusts, Revocations.NONE, Gate.javaEngine(), () -> at);
      return switch (gate.check(token)) {
        case Verdict.Refused(Reason reason) -> reason;
        case Verdict.Valid(Claims claims) -> {
          if (place == null) {
            yield Reason.VALID;
          }
          byte[] json = claims.utf8();
          JsonTape tape = new JsonTape(512, 16, json.length);
          assertThat(tape.parse(json, 0, json.length)).isEqualTo(JsonTape.Outcome.OK);
          byte[] method = place.method().getBytes(US_ASCII);
          byte[] path = place.path().getBytes(US_ASCII);
          yield rules.check(method, 0, method.length, path, 0, path.length, tape, json);
        }
      };
    }
  }

  Setup setup() {
    if (random.nextBoolean()) {
      return new Setup(List.of(trust(List.of())), rules());
    }
    return new Setup(
        List.of(trust(List.of("https://a.example")), trust(List.of("https://b.example", "c"))),
        rules());
  }

  private Trust trust(List<String> issuers) {
    List<String> accepted =
        issuers.isEmpty() && random.nextInt(3) == 0 ? List.of("https://a.example") : issuers;
    Policy policy =
        new Policy(
            accepted,
            random.nextInt(3) == 0 ? List.of("orders", "stock") : List.of(),
            random.nextInt(6) == 0 ? List.of("ann", "bob") : List.of(),
            random.nextInt(5) == 0 ? List.of("at+jwt") : Policy.DEFAULT.types(),
            random.nextInt(4) == 0 ? Set.of("exp", "jti") : Set.of(),
            Duration.ofSeconds(random.nextInt(2) * 60L),
            Duration.ofSeconds(random.nextInt(4) == 0 ? 7_200 : 0),
            random.nextInt(5) == 0 ? 400 : 8192,
            random.nextInt(4) == 0 ? Set.of("j1", "j2") : Set.of());
    while (true) {
      boolean secrets = random.nextInt(3) == 0;
      List<GateKey> keys = new ArrayList<>();
      for (Signing one : POOL) {
        if ((one.pair() == null) == secrets && random.nextInt(4) > 0) {
          keys.add(one.key(some("k1", "k2", "k3", "")));
        }
      }
      try {
        return new Trust(new Keyring(keys), policy);
      } catch (KeyException twice) {
        // Two keys got one id: once more.
      }
    }
  }

  private PathRules rules() {
    List<PathRules.Rule> rules = new ArrayList<>();
    if (random.nextBoolean()) {
      rules.add(rule("/orders", List.of("POST"), List.of("orders:write"), ""));
    }
    if (random.nextBoolean()) {
      rules.add(rule("/admin", List.of(), List.of(), random.nextInt(4) == 0 ? "tier" : "role"));
    }
    if (random.nextInt(3) == 0) {
      rules.add(rule("/", List.of(), List.of(), "role"));
    }
    return new PathRules(rules.toArray(PathRules.Rule[]::new));
  }

  private static PathRules.Rule rule(
      String path, List<String> methods, List<String> scopes, String claim) {
    byte[][] claims = claim.isEmpty() ? new byte[0][] : new byte[][] {claim.getBytes(UTF_8)};
    byte[][][] values =
        claim.isEmpty()
            ? new byte[0][][]
            : new byte[][][] {{"root".getBytes(UTF_8), "7".getBytes(UTF_8)}};
    return new PathRules.Rule(
        path.getBytes(UTF_8), bytes(methods), false, bytes(scopes), claims, values);
  }

  private static byte[][] bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new);
  }

  /** A token: usual, odd, expired, forged or none at all. */
  String token() throws GeneralSecurityException {
    Signing by = POOL.get(random.nextInt(POOL.size()));
    String name = random.nextInt(12) == 0 ? some("none", "HS256", "X") : by.algorithm().name();
    String header =
        "{\"alg\":\"%s\"%s%s%s}"
            .formatted(
                name,
                random.nextBoolean()
                    ? ""
                    : ",\"kid\":\"" + some("k1", "k2", "k3", "k\\u0033") + "\"",
                some(
                    "",
                    "",
                    ",\"typ\":\"JWT\"",
                    ",\"typ\":\"JWT\"",
                    ",\"typ\":\"application/at+jwt\"",
                    ",\"typ\":\"x\""),
                random.nextInt(20) == 0 ? ",\"crit\":[\"b64\"]" : "");
    String claims = random.nextInt(20) == 0 ? "[1]" : claims();
    String text = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    byte[] signature = by.sign(text.getBytes(US_ASCII));
    if (random.nextInt(6) == 0) {
      signature[random.nextInt(signature.length)] ^= 1;
    }
    return text + "." + base64(signature);
  }

  private String claims() {
    List<String> claims = new ArrayList<>();
    maybe(claims, "iss", "\"https://a.example\"", "\"https://b.example\"", "\"c\"", "5");
    maybe(claims, "aud", "\"orders\"", "[\"stock\",\"x\"]", "\"other\"", "[\"orders\",1]");
    maybe(claims, "sub", "\"ann\"", "\"bob\"", "\"carl \\u00e9\"");
    long now = NOW.getEpochSecond();
    maybe(
        claims, "exp", "" + (now + 900), (now - 30) + ".5", "" + (now + 90_000), "1.9e9", "\"1\"");
    maybe(claims, "iat", "" + (now - 60), "" + (now + 45), "" + (now + 600));
    maybe(claims, "nbf", "" + (now - 60), "" + (now + 30));
    maybe(claims, "jti", "\"j1\"", "\"j2\"", "\"j3\"");
    maybe(claims, "scope", "\"orders:read orders:write\"", "\"orders:read\"", "[\"orders:write\"]");
    maybe(claims, "role", "\"root\"", "7", "7.0", "[\"x\",\"root\"]", "{\"root\":1}", "null");
    maybe(claims, "tier", "\"root\"", "\"low\"");
    maybe(claims, "note", "\"" + "n".repeat(random.nextInt(300)) + "\"");
    return "{" + String.join(",", claims) + "}";
  }

  private void maybe(List<String> claims, String name, String... values) {
    if (random.nextInt(5) > 0) {
      // The first value is the usual one.
      String value = random.nextInt(5) > 0 ? values[0] : some(values);
      claims.add("\"%s\":%s".formatted(name, value));
    }
  }

  @Nullable Place place() {
    return random.nextInt(3) == 0
        ? null
        : new Place(
            some("GET", "POST"),
            some("/orders", "/orders/1", "/admin", "/a/../b", "/free", "", "/orders?x=/admin"));
  }

  private String some(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The claims that the rules of a gate look at. */
  static Set<String> claims(PathRules rules) {
    Set<String> names = new HashSet<>();
    for (byte[] name : rules.claims()) {
      names.add(new String(name, UTF_8));
    }
    return names;
  }
}
