package dev.troth.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a provider's settings, and that nothing is ignored. */
class OpenIdSettingsTest {
  private static final String ISSUER = "https://id.example/realms/shop";
  @TempDir Path folder;

  private static Config load(String... pairs) {
    Map<String, String> flags = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      flags.put(pairs[i], pairs[i + 1]);
    }
    return Config.load(Inputs.flagsOnly(flags));
  }

  private static List<String> errors(String... pairs) {
    return catchThrowableOfType(ConfigErrors.class, () -> load(pairs)).errors();
  }

  private static String[] whole(String key, String value) {
    return new String[] {
      "auth.mode",
      "token",
      "auth.openid.issuer",
      ISSUER,
      "auth.openid.client",
      "troth",
      "auth.openid.roles",
      "ops=admin",
      key,
      value
    };
  }

  @Test
  void groupsOfADirectoryMayHaveEqualsSignsAndTheSecretComesFromAFile() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "s3cret\n");
    OpenIdSettings settings =
        load(
                "auth.mode", "token",
                "auth.openid.issuer", ISSUER,
                "auth.openid.client", "troth",
                "auth.openid.secret-file", secret.toString(),
                "auth.openid.roles", "cn=ops=admin, staff=member")
            .auth()
            .openId()
            .orElseThrow();
    assertThat(settings.roles()).isEqualTo(Map.of("cn=ops", "admin", "staff", "member"));
    assertThat(settings.secret()).hasValue("s3cret");
    assertThat(settings.toString()).doesNotContain("s3cret");
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThat(errors("auth.openid.client", "troth"))
        .containsExactly(
            "auth.openid.client: is given (--auth-openid-client), expected only beside auth.openid.issuer");
    assertThat(errors("auth.openid.issuer", ISSUER, "auth.openid.role", "reader"))
        .containsExactly(
            "auth.openid.issuer: is given (--auth-openid-issuer), expected only with auth.mode token",
            "auth.openid.client: is missing, expected the id by which %s knows this platform"
                .formatted(ISSUER));
    assertThat(errors(whole("auth.openid.roles", "ops=root,ops")))
        .contains(
            "auth.openid.roles: has 'ops=root' (--auth-openid-roles), expected value=reader, value=member or"
                + " value=admin",
            "auth.openid.roles: has 'ops' (--auth-openid-roles), expected value=reader, value=member or"
                + " value=admin");
    assertThat(errors(whole("auth.openid.roles", "ops=admin,ops=reader")))
        .containsExactly(
            "auth.openid.roles: has 'ops' twice (--auth-openid-roles), expected one role for it");
    assertThat(errors(whole("auth.openid.roles", "")))
        .containsExactly(
            "auth.openid.roles: is empty and auth.openid.role is none, so nobody could sign in;"
                + " expected one of them");
    assertThat(errors(whole("auth.openid.scopes", "email")))
        .containsExactly(
            "auth.openid.scopes: is [email] (--auth-openid-scopes), expected openid among them");
    assertThat(errors(whole("auth.openid.secret-file", folder.resolve("none").toString())))
        .singleElement()
        .asString()
        .contains("expected a file whose first line is the secret");
    for (String plain :
        List.of(
            "http://id.example",
            "https://id.example?a=b",
            "id.example",
            "https://u:p@id.example")) {
      assertThat(errors(whole("auth.openid.issuer", plain)))
          .singleElement()
          .asString()
          .startsWith("auth.openid.issuer: is '")
          .contains("expected an https address")
          .doesNotContain("u:p@");
    }
  }
}
