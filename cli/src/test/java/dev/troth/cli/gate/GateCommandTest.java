package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class GateCommandTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void verifySaysValidAndShowsTheClaims() throws Exception {
    String token = token("{\"sub\":\"alice\"}");
    assertThat(troth("gate", "verify", "--secret-file", keys(SECRET), token))
        .isEqualTo(ExitCode.OK);
    assertThat(out).hasToString("valid {\"sub\":\"alice\"}\n");
  }

  @Test
  void verifySaysWhyNot() throws Exception {
    String token = token("{\"exp\":1}");
    assertThat(troth("gate", "verify", "--secret-file", keys(SECRET), token))
        .isEqualTo(ExitCode.FINDINGS);
    assertThat(out).hasToString("refused expired: jwt expired\n");
    assertThat(troth("gate", "verify", "--secret-file", keys(SECRET), "--format", "json", token))
        .isEqualTo(ExitCode.FINDINGS);
    assertThat(out.toString())
        .endsWith("{\"valid\":false,\"error\":\"jwt expired\",\"reason\":\"expired\"}\n");
  }

  @Test
  void aShortKeyIsRefusedWithItsLengthAndTheCure() throws Exception {
    assertThat(troth("gate", "run", "--secret-file", keys("secret"))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("6 bytes").contains("openssl rand -base64 48");
  }

  @Test
  void aPolicyThatCannotBeIsRefused() throws Exception {
    assertThat(troth("gate", "verify", "--secret-file", keys(SECRET), "--leeway", "601", "x"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("leeway is PT10M1S");
    assertThat(troth("gate", "verify", "--secret-file", keys(SECRET), "--require", "name", "x"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("required claim is 'name'");
  }

  @Test
  void keysAreListedWithoutTheirSecrets() throws Exception {
    assertThat(troth("gate", "keys", "--secret-file", keys(SECRET))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("(no kid)").contains("[HS256]").doesNotContain(SECRET);
  }

  @Test
  void publicKeysAndSecretsComeBySeparateOptions() throws Exception {
    assertThat(troth("gate", "verify", "--keys", keys(SECRET), "x")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("is neither JWK nor PEM").contains("--secret-file");
    String jwk = "{\"kty\":\"oct\",\"k\":\"" + "A".repeat(43) + "\"}";
    assertThat(troth("gate", "verify", "--keys", keys(jwk), "x")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("has a secret (kty oct)");
    String page = "<html><body><h1>503 Service Unavailable</h1></body></html>";
    assertThat(troth("gate", "run", "--secret-file", keys(page))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("is markup");
  }

  @Test
  void aConfigurationIsCheckedAndPrintedAsJson() throws Exception {
    keys(SECRET);
    Path file =
        Files.writeString(
            folder.resolve("gate.yaml"),
            """
            issuers:
              - issuer: id
                secretFile: secret
                audiences: [orders]
            rules:
              - { path: /orders, scopes: [a] }
            """);
    assertThat(troth("gate", "config", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("{").contains("\"secretFile\"").doesNotContain(SECRET);
    String token = token("{\"iss\":\"id\",\"aud\":\"orders\"}");
    assertThat(troth("gate", "verify", "--config", file.toString(), token)).isEqualTo(ExitCode.OK);
    assertThat(troth("gate", "verify", "--config", file.toString(), token("{\"iss\":\"id\"}")))
        .isEqualTo(ExitCode.FINDINGS);
    assertThat(out.toString()).endsWith("refused audience_not_allowed: jwt audience invalid\n");
    assertThat(troth("gate", "verify", "--config", file.toString(), "--issuer", "x", token))
        .isEqualTo(ExitCode.USAGE);
    Files.writeString(file, "issuers:\n  - secretFile: secret\n    audience: orders\n");
    assertThat(troth("gate", "config", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("gate.yaml:2")
        .contains("issuers[0] has no member 'audience', expected one of issuer, keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{keys: absent.json}|gate.yaml:2:12: issuers[0].keys key file|cannot be read",
        "{keys: secret}|issuers[0].keys key file|is neither JWK nor PEM",
        "{keys: empty.json}|issuers[0].keys key file|no",
        "{secretFile: secret, algorithms: [RS256]}|issuers[0].secretFile key file|is a secret",
        "{secretFile: jwk.json, algorithms: [HS512]}|issuers[0].secretFile key file|has no JWK of"
            + " these algorithms",
        "{keys: ec.json, algorithms: [RS256]}|issuers[0].keys key file|none of the keys fits",
        "{jwksUrl: https://id.example, algorithms: [HS256]}|issuers[0].algorithms has [HS256]"
            + " alone|which no public key has"
      })
  void keysThatCanNeverFitAreRefusedByTheCheck(String issuer, String place, String why)
      throws Exception {
    keys(SECRET);
    Files.writeString(folder.resolve("empty.json"), "{\"keys\":[]}");
    Files.writeString(
        folder.resolve("jwk.json"),
        "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" + "A".repeat(86) + "\"}");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    String key =
        Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    Files.writeString(
        folder.resolve("ec.json"),
        "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----\n");
    Path file = Files.writeString(folder.resolve("gate.yaml"), "issuers:\n  - " + issuer + "\n");
    assertThat(troth("gate", "config", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(place).contains(why).doesNotContain(SECRET);
    assertThat(out.toString()).isEmpty();
    if (!issuer.contains("jwksUrl")) {
      assertThat(troth("gate", "config", "--without-files", file.toString()))
          .isEqualTo(ExitCode.OK);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{path: /a, scopes: [x]}, {path: /a/b, scopes: [y]}|rules[1] is never asked",
        "{path: /a, methods: [GET, POST]}, {path: /a/, methods: [GET]}|rules[1] is never asked",
        "{path: /a, claims: {iss: other}}|rules[0].claims.iss has no value that an issuer accepts",
        "{path: /, open: true}, {path: /admin, claims: {role: admin}}|rules[1] is never asked"
      })
  void rulesThatCanNeverFitAreRefusedByTheCheck(String rules, String why) throws Exception {
    keys(SECRET);
    Path file =
        Files.writeString(
            folder.resolve("gate.yaml"),
            "issuers:\n  - {issuer: id, secretFile: secret}\nrules: [%s]\n".formatted(rules));
    assertThat(troth("gate", "config", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("gate.yaml:3").contains(why);
  }

  @Test
  void rulesThatFitAndKeysBehindAnAddressPassWithANote() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("gate.yaml"),
            """
            issuers: [{issuer: id, jwksUrl: https://id.example/jwks}]
            rules:
              - {path: /a, methods: [GET], scopes: [x]}
              - {path: /a, scopes: [y], claims: {iss: [id, other]}}
              - {path: /ab, scopes: [z]}
            """);
    assertThat(troth("gate", "config", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(err.toString())
        .isEqualTo("gate: issuers[0]: its keys are behind an address and were not fetched\n");
  }

  @Test
  void anEmptyAcceptedValueIsRefused() throws Exception {
    for (String option : List.of("--audience", "--issuer", "--subject", "--typ")) {
      assertThat(troth("gate", "verify", "--secret-file", keys(SECRET), option, "", "x"))
          .as(option)
          .isEqualTo(ExitCode.USAGE);
    }
    assertThat(err.toString()).contains("is empty, expected a value");
    assertThat(troth("gate", "verify", "--secret-file", keys(SECRET), "--max-lifetime", "0", "x"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--max-lifetime is 0, expected 1 or more");
  }

  @Test
  void anEmptyVariableIsRefusedByNameAndCountsForNothing() {
    for (String name : List.of("GATE_CONFIG", "GATE_KEYS", "JWT_SECRET", "JWT_SECRET_FILE")) {
      Map<String, String> environment = new HashMap<>(Map.of("JWT_SECRET", SECRET));
      environment.put(name, "");
      assertThatThrownBy(
              () -> new GateOptions().setup(environment, InstantSource.system(), problem -> {}))
          .hasMessage(name + " is empty: expected a value");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[::1]"})
  void anIpv6AddressIsToldInOnePairOfBrackets(String host) throws Exception {
    String secret = keys(SECRET);
    Thread run =
        Thread.ofPlatform()
            .daemon()
            .start(() ->
                troth(
                    "gate",
                    "run",
                    "--secret-file",
                    secret,
                    "--host",
                    host,
                    "--port",
                    "0",
                    "--sandbox",
                    "off"));
    try {
      await().until(() -> out.toString().contains("\n") || !run.isAlive());
    } finally {
      run.interrupt();
      run.join(10_000);
    }
    assertThat(out.toString()).matches("gate listens on http://\\[::1]:\\d+\n");
  }

  private int troth(String... args) {
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return troth.execute(args);
  }

  private String keys(String secret) throws Exception {
    return Files.writeString(folder.resolve("secret"), secret + "\n").toString();
  }

  private static String token(String claims) throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String text =
        base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(US_ASCII))
            + "."
            + base64.encodeToString(claims.getBytes(US_ASCII));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(US_ASCII), "HmacSHA256"));
    return text + "." + base64.encodeToString(mac.doFinal(text.getBytes(US_ASCII)));
  }
}
