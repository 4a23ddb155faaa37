package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
