package dev.troth.server.openid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import dev.troth.testkit.ManualClock;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A platform, the provider at which people sign in, and their browsers. */
abstract class SignInScene {
  final ManualClock time = ManualClock.at(Instant.EPOCH);
  final TestProvider provider = new TestProvider(time);
  TestPlatform platform;

  @BeforeEach
  void start() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    platform = start("auth.openid.roles", "ops=admin,cn=staff=member");
    time.set(platform.clock().instant());
    provider.claims.putAll(
        Map.of("email", "ada@shop.example", "email_verified", true, "groups", List.of("cn=staff")));
  }

  TestPlatform start(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "auth.mode",
                "token",
                "auth.openid.issuer",
                provider.issuer(),
                "auth.openid.client",
                "troth",
                "auth.openid.secret",
                TestProvider.SECRET));
    settings.addAll(List.of(more));
    return TestPlatform.start(settings.toArray(String[]::new));
  }

  @AfterEach
  void close() {
    if (platform != null) {
      platform.close();
    }
    provider.close();
  }

  /** A browser's side of a sign-in: what it was sent to, and its cookie. */
  record Begun(String address, String cookie) {}

  Begun begin(String back) {
    return begin(back, "a=b");
  }

  /** In a browser that has cookies. */
  Begun begin(String back, String cookies) {
    Answer answer = platform.get("/login/openid?back=" + back, "Cookie", cookies);
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return new Begun(answer.header("Location"), answer.header("Set-Cookie").split(";", 2)[0]);
  }

  Answer back(String address, String cookie) {
    URI uri = URI.create(address);
    return platform.get(uri.getRawPath() + "?" + uri.getRawQuery(), "Cookie", cookie);
  }

  Answer signIn() {
    Begun begun = begin("/settings");
    return back(provider.signedIn(begun.address()), begun.cookie());
  }

  static String session(Answer in) {
    assertThat(in.status()).as(in.body()).isEqualTo(303);
    return in.headerValues("Set-Cookie").stream()
        .filter(cookie -> cookie.contains("troth_session_"))
        .findFirst()
        .orElseThrow()
        .split(";", 2)[0];
  }

  Answer me(String session) {
    return platform.get("/api/me", "Cookie", session);
  }
}
