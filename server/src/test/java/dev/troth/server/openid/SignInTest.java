package dev.troth.server.openid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import dev.troth.testkit.ManualClock;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** People sign in at a provider, and nobody else does. */
class SignInTest {
  private final ManualClock time = ManualClock.at(Instant.EPOCH);
  private final TestProvider provider = new TestProvider(time);
  private TestPlatform platform;

  @BeforeEach
  void start() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    platform = start("auth.openid.roles", "ops=admin,cn=staff=member");
    time.set(platform.clock().instant());
    provider.claims.putAll(
        Map.of("email", "ada@shop.example", "email_verified", true, "groups", List.of("cn=staff")));
  }

  private TestPlatform start(String key, String value) {
    return TestPlatform.start(
        "auth.mode",
        "token",
        "auth.openid.issuer",
        provider.issuer(),
        "auth.openid.client",
        "troth",
        "auth.openid.secret",
        TestProvider.SECRET,
        key,
        value);
  }

  @AfterEach
  void close() {
    if (platform != null) {
      platform.close();
    }
    provider.close();
  }

  /** A browser's side of a sign-in: what it was sent to, and its cookie. */
  private record Begun(String address, String cookie) {}

  private Begun begin(String back) {
    Answer answer = platform.get("/login/openid?back=" + back);
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    return new Begun(answer.header("Location"), answer.header("Set-Cookie").split(";", 2)[0]);
  }

  private Answer back(String address, String cookie) {
    URI uri = URI.create(address);
    return platform.get(uri.getRawPath() + "?" + uri.getRawQuery(), "Cookie", cookie);
  }

  private Answer signIn() {
    Begun begun = begin("/settings");
    return back(provider.signedIn(begun.address()), begun.cookie());
  }

  private static String session(Answer in) {
    assertThat(in.status()).as(in.body()).isEqualTo(303);
    return in.headerValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith("troth_session"))
        .findFirst()
        .orElseThrow()
        .split(";", 2)[0];
  }

  private Answer me(String session) {
    return platform.get("/api/me", "Cookie", session);
  }

  @Test
  void whoSignsInIsWhoTheProviderSaysWithTheRoleOfTheirGroups() {
    assertThat(platform.get("/login?back=/slo").body())
        .contains("Sign in at 127.0.0.1", "href=\"/login/openid?back=%2Fslo\"");
    Begun begun = begin("/settings");
    Map<String, String> asked = TestProvider.form(URI.create(begun.address()).getRawQuery());
    assertThat(asked)
        .containsEntry("tenant", "1")
        .containsEntry("response_type", "code")
        .containsEntry("scope", "openid profile email")
        .containsEntry("code_challenge_method", "S256");
    Answer in = back(provider.signedIn(begun.address()), begun.cookie());
    assertThat(in.header("Location")).isEqualTo("/settings");
    assertThat(in.headerValues("Set-Cookie"))
        .hasSize(2)
        .anyMatch(cookie -> cookie.startsWith("troth_signin") && cookie.contains("Max-Age=0"))
        .allMatch(cookie -> cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    assertThat(me(session(in)).body()).contains("\"ada@shop.example\"", "\"member\"");
    assertThat(platform.get("/api/tokens", "Cookie", session(in)).body())
        .contains("sign-in at " + provider.issuer());
  }

  @Test
  void anotherRoleEndsTheLoginsOfTheFormerOneAndTheSameKeepsThem() {
    provider.claims.put("groups", List.of("ops", "cn=staff"));
    String laptop = session(signIn());
    assertThat(me(laptop).body()).contains("\"admin\"");
    String phone = session(signIn());
    assertThat(me(laptop).status()).isEqualTo(200);
    assertThat(me(laptop).body()).contains("\"admin\"");

    provider.claims.put("groups", List.of("cn=staff"));
    assertThat(me(session(signIn())).body()).contains("\"member\"");
    assertThat(me(laptop).body()).doesNotContain("admin");
    assertThat(me(phone).body()).doesNotContain("admin");
  }

  @Test
  void aRevokedSignInEndsItsLoginsAndALoginEndsWithItsTime() {
    String session = session(signIn());
    String id = platform.get("/api/tokens", "Cookie", session).json().at("/tokens/0/id").asString();
    String owner = "Bearer " + platform.ownersToken();
    assertThat(platform.delete("/api/tokens/" + id, "Authorization", owner).status())
        .isEqualTo(204);
    assertThat(me(session).body()).doesNotContain("ada@shop.example");

    String next = session(signIn());
    platform.clock().advance(Duration.ofHours(13));
    assertThat(me(next).body()).doesNotContain("ada@shop.example");
  }

  @Test
  void whoHasNoRoleOrNoVerifiedNameIsToldSo() {
    provider.claims.put("groups", List.of("guests", "<script>"));
    Answer refused = signIn();
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body())
        .contains(
            "ada@shop.example has no role here: groups is [guests, &lt;script&gt;], expected one of"
                + " [cn=staff, ops]")
        .doesNotContain("<script>]");
    provider.claims.put("groups", "ops");
    provider.claims.put("email_verified", false);
    assertThat(signIn().body()).contains("email_verified of ada@shop.example is not true");
    provider.claims.remove("email");
    provider.userinfo.put("sub", "u1");
    assertThat(signIn().body()).contains("claim email is missing");
  }

  @Test
  void whatTheIdTokenLacksIsAskedForAndMustBeOfTheSameUser() {
    provider.claims.remove("groups");
    provider.userinfo.putAll(Map.of("sub", "u1", "groups", List.of("ops"), "email", "eve@x.y"));
    assertThat(me(session(signIn())).body()).contains("\"ada@shop.example\"", "\"admin\"");
    provider.userinfo.put("sub", "u2");
    Answer refused = signIn();
    assertThat(refused.status()).isEqualTo(502);
    assertThat(refused.body()).contains("userinfo is of another user");
  }

  @Test
  void aTokenThatIsNotForThisSignInIsRefused() {
    provider.claims.put("nonce", "other");
    assertThat(signIn().body()).contains("nonce is not ours");
    provider.claims.remove("nonce");
    provider.claims.put("aud", "shop");
    assertThat(signIn().body()).contains("the ID token is refused");
    provider.claims.put("aud", List.of("troth", "shop"));
    assertThat(signIn().body()).contains("made for &#39;several&#39;");
    provider.claims.put("azp", "shop");
    assertThat(signIn().body()).contains("made for &#39;shop&#39;");
    provider.claims.put("azp", "troth");
    assertThat(signIn().status()).isEqualTo(303);
    provider.claims.put("iss", "http://127.0.0.1:1");
    assertThat(signIn().body()).contains("the ID token is refused");
    provider.claims.remove("iss");
    provider.claims.put("exp", 1_000);
    assertThat(signIn().body()).contains("the ID token is refused");
    provider.claims.remove("exp");
    provider.spoil = token -> token.substring(0, token.lastIndexOf('.') + 1);
    assertThat(signIn().body()).contains("the ID token is refused");
    provider.spoil = token -> "";
    assertThat(signIn().body()).contains("gives no id_token");
  }

  @Test
  void anAnswerThatThisBrowserDidNotAskForIsRefused() {
    Begun ada = begin("/");
    Begun eve = begin("/");
    String answer = provider.signedIn(eve.address());
    assertThat(back(answer, "a=b").body()).contains("this browser has not begun this sign-in");
    assertThat(back(answer, ada.cookie()).status()).isEqualTo(400);
    assertThat(provider.refused).as("codes that were tried").isEmpty();
    assertThat(back(answer, eve.cookie()).status()).isEqualTo(303);
    assertThat(back(answer, eve.cookie()).body()).contains("(invalid_grant)");

    String denied =
        answer.replaceFirst("code=[^&]*", "error=access_denied&error_description=No%3Cb%3E");
    Answer told = back(denied, eve.cookie());
    assertThat(told.status()).isEqualTo(401);
    assertThat(told.body()).contains("access_denied (No&lt;b&gt;)");
    assertThat(back(answer + "&iss=http://evil.example", eve.cookie()).body())
        .contains("of the issuer &#39;http://evil.example&#39;");
  }

  @Test
  void twoTabsOfOneBrowserBothComeIn() {
    Begun one = begin("/slo");
    Answer other = platform.get("/login/openid?back=/map", "Cookie", one.cookie());
    String cookie = other.header("Set-Cookie").split(";", 2)[0];
    Answer first = back(provider.signedIn(one.address()), cookie);
    assertThat(first.status()).isEqualTo(303);
    Answer second = back(provider.signedIn(other.header("Location")), cookie);
    assertThat(second.header("Location")).isEqualTo("/map");
  }

  @Test
  void nobodyIsSentElsewhere() {
    for (String evil : List.of("//evil.example", "https://evil.example", "/\\evil.example")) {
      Begun begun = begin(URLEncoder.encode(evil, StandardCharsets.UTF_8));
      assertThat(back(provider.signedIn(begun.address()), begun.cookie()).header("Location"))
          .isEqualTo("/");
    }
    String forged = begin("/").cookie().split("\\.", 2)[0] + ".Ly9ldmlsLmV4YW1wbGU";
    Answer again = platform.get("/login/openid", "Cookie", forged);
    String address = provider.signedIn(again.header("Location"));
    assertThat(back(address, forged).header("Location")).isEqualTo("/");
  }

  @Test
  void aProviderThatIsAwayOrSaysSomethingElseIsNamed() {
    provider.metadata.put("issuer", "http://127.0.0.1:2");
    Answer other = platform.get("/login/openid");
    assertThat(other.status()).isEqualTo(502);
    assertThat(other.body()).contains("says that its issuer is");
    provider.metadata.put("issuer", provider.issuer());
    provider.metadata.put("token_endpoint", "ftp://127.0.0.1/token");
    assertThat(platform.get("/login/openid").body()).contains("token_endpoint of");
    provider.close();
    Answer away = platform.get("/login/openid");
    assertThat(away.status()).isEqualTo(502);
    assertThat(away.body()).contains("cannot be reached").contains("Access token");
  }

  @Test
  void whoCallsByAnotherNameBeginsAtTheOneThatTheProviderKnows() {
    Answer answer = platform.get("http://localhost:" + platform.port() + "/login/openid?back=/slo");
    assertThat(answer.header("Location"))
        .isEqualTo("http://127.0.0.1:" + platform.port() + "/login/openid?here=1&back=%2Fslo");
  }
}
