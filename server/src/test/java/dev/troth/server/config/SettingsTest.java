package dev.troth.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path folder;

  private Settings load(Map<String, String> flags, Map<String, String> environment, String yaml)
      throws IOException {
    Path file = folder.resolve("troth.yaml");
    Files.writeString(file, yaml);
    return Settings.load(Keys.all(), new Inputs(flags, environment, Optional.empty(), folder));
  }

  private List<String> errors(String yaml, Map<String, String> environment) {
    ConfigErrors thrown =
        catchThrowableOfType(
            ConfigErrors.class, () -> Config.of(load(Map.of(), environment, yaml)));
    return thrown.errors().stream().map(e -> e.replace(folder + "/", "")).toList();
  }

  @Test
  void aFlagCountsBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws IOException {
    String yaml =
        """
        auth: {issuer: file}
        limits:
          body: 2MiB
          connections: 7
        """;
    Settings settings =
        load(
            Map.of("limits.body", "3MiB"),
            Map.of("TROTH_LIMITS_BODY", "4MiB", "TROTH_AUTH_ISSUER", "environment"),
            yaml);
    assertThat(settings.get(Keys.BODY)).isEqualTo(3L << 20);
    assertThat(settings.source(Keys.BODY)).isEqualTo("--limits-body");
    assertThat(settings.get(Keys.AUTH_ISSUER)).isEqualTo("environment");
    assertThat(settings.source(Keys.AUTH_ISSUER)).isEqualTo("TROTH_AUTH_ISSUER");
    assertThat(settings.get(Keys.CONNECTIONS)).isEqualTo(7);
    assertThat(settings.source(Keys.CONNECTIONS)).isEqualTo(folder + "/troth.yaml:4");
    assertThat(settings.get(Keys.REQUESTS)).isEqualTo(1024);
    assertThat(settings.source(Keys.REQUESTS)).isEqualTo("default");
  }

  @Test
  void anItemOfAListMayHoldACommaInTheFileAndBehindABackslash() throws IOException {
    String yaml = "slo: {files: ['/a,b/slo.yaml', /c.yaml]}\n";
    assertThat(load(Map.of(), Map.of(), yaml).get(Keys.SLO_FILES))
        .containsExactly("/a,b/slo.yaml", "/c.yaml");
    Map<String, String> flag = Map.of("slo.files", "/a\\,b/slo.yaml, /c.yaml,");
    assertThat(load(flag, Map.of(), yaml).get(Keys.SLO_FILES))
        .containsExactly("/a,b/slo.yaml", "/c.yaml");
    assertThat(ValueType.LIST.read().apply(ValueType.item("a,b,c"))).containsExactly("a,b,c");
  }

  @Test
  void everyErrorIsListedAtOnceWithItsPlace() {
    String yaml =
        """
        http:
          listn: 4001
          hosts: [a.example, {b: c}]
        limits:
          body: lots
        """;
    assertThat(errors(yaml, Map.of("TROTH_LIMITS_IDLE", "5", "TROTH_LOGLEVEL", "info")))
        .containsExactly(
            "troth.yaml:3: an item of http.hosts is not a plain value",
            "limits.body: is 'lots' (troth.yaml:5), expected a size such as 64KiB or"
                + " 1MiB, at most 1024GiB",
            "limits.idle: is '5' (TROTH_LIMITS_IDLE), expected a duration such as 500ms, 10s, 2m,"
                + " 12h or 90d",
            "http.listn: unknown key (troth.yaml:2), did you mean http.listen?",
            "TROTH_LOGLEVEL: unknown variable, did you mean TROTH_LOG_LEVEL?");
  }

  @Test
  void anAddressThatIsRefusedIsShownWithoutItsPassword() {
    assertThat(
            errors(
                "otlp: {forward: ['http://user:sesame@x:4318']}\n",
                Map.of("TROTH_API_CORS_ORIGINS", "https://u:sesame@shop.example")))
        .isNotEmpty()
        .allSatisfy(error -> assertThat(error).doesNotContain("sesame"))
        .anySatisfy(error -> assertThat(error).startsWith("otlp.forward: has 'http://***@x:4318'"));
    assertThat(errors("http: {public-url: 'http://u:sesame@/x y'}\n", Map.of()))
        .singleElement()
        .asString()
        .contains("is 'http://***@/x y'");
  }

  @Test
  void aPlatformThatWouldPassOnToItselfIsRefused() throws IOException {
    for (String own :
        List.of(
            "http://127.0.0.1:4318",
            "http://localhost:4318",
            "http://[::1]:4318",
            "grpc://127.0.0.1:4317")) {
      assertThat(errors("otlp: {forward: ['%s']}\n".formatted(own), Map.of()))
          .singleElement()
          .asString()
          .contains("otlp.forward: has '" + own + "'", "of this very platform");
    }
    Config others =
        Config.of(
            load(
                Map.of(),
                Map.of(),
                "otlp: {forward: ['http://10.1.1.1:4318', 'http://127.0.0.1:5318']}\n"));
    assertThat(others.telemetry().forward()).hasSize(2);
  }

  @Test
  void aTlsFileGoesWithItsKeyAndListenersHaveNames() {
    assertThat(errors("tls: {key-file: k.pem}\n", Map.of()))
        .containsExactly(
            "tls.key-file: is given (troth.yaml:1), expected together with tls.certificate-file");
    assertThat(errors("tls: {listeners: [http, otlp]}\n", Map.of()))
        .containsExactly(
            "tls.listeners: has 'otlp' (troth.yaml:1), expected some of http, operations, registry,"
                + " otlp-http, otlp-grpc",
            "tls.listeners: is given (troth.yaml:1), expected together with tls.certificate-file and"
                + " tls.key-file");
  }

  @Test
  void aFileThatIsNotYamlIsOneLineWithItsPlace() {
    assertThat(errors("http:\n  listen: [4000\n", Map.of()))
        .singleElement()
        .asString()
        .startsWith("troth.yaml:")
        .contains("is not YAML");
  }

  @Test
  void aKeyGivenTwiceIsAnError() {
    assertThat(errors("data: a\nauth.mode: token\nauth:\n  mode: token\n", Map.of()))
        .containsExactly("auth.mode: is given twice (troth.yaml:2 and troth.yaml:4)");
  }

  @Test
  void aNamedFileThatIsMissingIsAnErrorButTheUsualOneMayBe() {
    Inputs named = new Inputs(Map.of(), Map.of(), Optional.of(folder.resolve("x.yaml")), folder);
    assertThatThrownBy(() -> Settings.load(Keys.all(), named))
        .hasMessage(folder.resolve("x.yaml") + ": there is no such file");
    Inputs none = new Inputs(Map.of(), Map.of(), Optional.empty(), folder);
    assertThat(Settings.load(Keys.all(), none).all()).hasSameSizeAs(Keys.all());
  }

  @Test
  void anEmptyFileSaysNothing() throws IOException {
    assertThat(load(Map.of(), Map.of(), "# nothing yet\n").get(Keys.BODY)).isEqualTo(1 << 20);
  }

  @Test
  void anOpenListenerWithoutAuthenticationIsRefused() {
    assertThat(errors("http: {listen: 0.0.0.0:4000}", Map.of()))
        .containsExactly(
            "http.listen: is 0.0.0.0:4000 (troth.yaml:1), expected a loopback address unless"
                + " auth.mode is token");
    assertThat(errors("http: {listen: '[::]:4000'}", Map.of())).hasSize(1);
    assertThat(errors("http: {listen: '10.1.2.3:4000'}", Map.of())).hasSize(1);
    assertThat(errors("http: {listen: 'example.org:4000'}", Map.of())).hasSize(1);
  }

  @Test
  void aTypeThatEveryReaderReadsByItsOwnRouteCannotBeClosed() throws IOException {
    assertThat(errors("visibility: [record=admins, order=admins]", Map.of()))
        .containsExactly(
            "visibility: has 'record=admins' (troth.yaml:1), but every reader may read a record"
                + " itself; expected another type than agent, contract, incident, record, registry,"
                + " slo");
    assertThat(errors("visibility: [slo=owner]", Map.of())).hasSize(1);
  }

  @Test
  void aListenerOfSpansOpensToOthersWithTokensAlone() throws IOException {
    assertThat(errors("otlp: {grpc: 0.0.0.0:4317}", Map.of()))
        .containsExactly(
            "otlp.grpc: is 0.0.0.0:4317 (troth.yaml:1), expected a loopback address unless"
                + " auth.mode is token");
    assertThat(errors("http: {operations: 0.0.0.0:9000}", Map.of())).hasSize(1);
    assertThat(errors("limits: {body: 99999999999GiB}", Map.of())).hasSize(1);
    assertThat(errors("limits: {bodies: 2MiB}", Map.of()))
        .containsExactly(
            "limits.bodies: is 2097152 bytes (troth.yaml:1), expected at least four times"
                + " limits.body, which is 1048576 bytes");
  }

  @Test
  void loopbackAddressesNeedNoAuthentication() throws IOException {
    for (String address : List.of("4000", "127.0.0.1:0", "127.9.9.9:1", "[::1]:0", "localhost:1")) {
      Config config = Config.of(load(Map.of("http.listen", address), Map.of(), ""));
      assertThat(config.http().listen()).isPresent();
    }
    assertThat(Config.of(load(Map.of("http.listen", "off"), Map.of(), "")).http().listen())
        .isEmpty();
  }

  @Test
  void anOriginWithAPathIsRefused() {
    assertThat(errors("api: {cors: {origins: [https://a.example, https://a.example/x]}}", Map.of()))
        .containsExactly(
            "api.cors.origins: has 'https://a.example/x' (troth.yaml:1), expected an origin such as"
                + " https://shop.example");
  }

  @Test
  void aSecretIsNeverShown() {
    Key<String> password = new Key<>("password", ValueType.TEXT, "-", "A secret.", true);
    Key<Integer> pin = new Key<>("pin", ValueType.count(1, 9), "1", "Another.", true);
    List<Key<?>> keys = new ArrayList<>(List.of(password, pin));
    Settings settings = Settings.load(keys, Inputs.flagsOnly(Map.of("password", "hunter2")));
    assertThat(settings.all().getFirst().shown()).isEqualTo("***");
    assertThatThrownBy(() -> Settings.load(keys, Inputs.flagsOnly(Map.of("pin", "1234"))))
        .hasMessage("pin: is *** (--pin), expected a whole number from 1 to 9");
  }

  @Test
  void aFolderThatHoldsThePlatformsOwnDataIsNotWatched() {
    for (String folder : List.of("/srv", "/srv/troth", "/srv/troth/files", "/srv/x/../troth")) {
      assertThat(
              catchThrowableOfType(
                      ConfigErrors.class,
                      () ->
                          Config.load(
                              Inputs.flagsOnly(
                                  Map.of("data", "/srv/troth", "watch.folders", folder))))
                  .errors())
          .singleElement()
          .asString()
          .startsWith("watch.folders: has " + folder)
          .contains("expected a folder apart from data");
    }
  }
}
