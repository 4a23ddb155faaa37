package dev.troth.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of settings of e-mail that do not fit, and that the password is said nowhere. */
final class MailSettingsTest {
  @TempDir Path folder;

  private static final Map<String, String> GOOD =
      Map.of("watch.mail.host", "smtp.example.org", "watch.mail.from", "troth@example.org");

  private static Map<String, String> with(String... more) {
    Map<String, String> flags = new HashMap<>(GOOD);
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    return flags;
  }

  private static MailSettings mail(Map<String, String> flags) {
    return Config.load(Inputs.flagsOnly(flags)).watch().mail().orElseThrow();
  }

  private static List<String> errors(Map<String, String> flags) {
    return catchThrowableOfType(ConfigErrors.class, () -> Config.load(Inputs.flagsOnly(flags)))
        .errors();
  }

  @Test
  void withoutAHostThereIsNoMail() {
    assertThat(Config.load(Inputs.flagsOnly(Map.of())).watch().mail()).isEmpty();
    assertThat(errors(Map.of("watch.mail.from", "a@b.org")))
        .containsExactly(
            "watch.mail.from: is given (--watch-mail-from), expected only beside watch.mail.host");
  }

  @Test
  void thePasswordComesFromASettingOrAFileAndIsShownNowhere() throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "s3cret\nmore\n");
    MailSettings mail =
        mail(with("watch.mail.user", "u", "watch.mail.password-file", file.toString()));
    assertThat(mail.login().orElseThrow().password()).isEqualTo("s3cret");
    Settings given =
        Settings.load(
            Keys.all(),
            Inputs.flagsOnly(with("watch.mail.user", "u", "watch.mail.password", "s3cret")));
    assertThat(mail(with("watch.mail.user", "u", "watch.mail.password", "s3cret")).toString())
        .doesNotContain("s3cret");
    assertThat(given.all().stream().map(Setting::shown)).contains("***").doesNotContain("s3cret");
  }

  @Test
  void whatDoesNotFitTogetherIsSaid() {
    assertThat(errors(with("watch.mail.user", "u"))).singleElement().asString().contains("alone");
    assertThat(errors(with("watch.mail.password", "s3cret")))
        .singleElement()
        .asString()
        .contains("watch.mail.user: is missing")
        .doesNotContain("s3cret");
    assertThat(errors(with("watch.mail.user", "u", "watch.mail.password-file", "/nowhere/x")))
        .singleElement()
        .asString()
        .contains("/nowhere/x cannot be read", "expected a file whose first line is the password");
    assertThat(errors(with("watch.mail.tls", "none")))
        .containsExactly(
            "watch.mail.tls: is none (--watch-mail-tls), expected starttls or implicit unless the"
                + " mail server is on this machine");
    assertThat(errors(with("watch.mail.tls", "maybe")))
        .containsExactly(
            "watch.mail.tls: is 'maybe' (--watch-mail-tls), expected starttls or implicit or none");
    assertThat(errors(with("watch.mail.timeout", "2m")))
        .singleElement()
        .asString()
        .contains("expected at most 60s");
    assertThat(errors(with("watch.mail.from", "a@b.org\r\nBcc: c@d.org"))).hasSize(1);
    assertThat(errors(with("watch.mail.hots", "x")))
        .singleElement()
        .asString()
        .contains("did you mean watch.mail.host?");
  }

  @Test
  void linksBeyondThisMachineNeedAnAddress() {
    Map<String, String> open = with("auth.mode", "token", "http.listen", "0.0.0.0:4000");
    assertThat(errors(open)).singleElement().asString().contains("http.public-url: is missing");
    open.put("http.public-url", "https://troth.example/");
    assertThat(Config.load(Inputs.flagsOnly(open)).http().publicUrl().orElseThrow())
        .hasToString("https://troth.example");
    for (String wrong :
        List.of("troth.example", "https://x/path", "https://u:p@x", "ftp://x", "https://x:99999")) {
      open.put("http.public-url", wrong);
      assertThat(errors(open))
          .as(wrong)
          .singleElement()
          .asString()
          .contains("expected an address such as https://troth.example");
    }
  }
}
