package dev.troth.server.openid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** People sign in at a provider, and nobody else does. */
final class SignInTest extends SignInScene {
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
    int tried = provider.asked("token");
    Answer again = back(answer, eve.cookie());
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.body()).contains("this sign-in was tried before");
    assertThat(provider.asked("token")).isEqualTo(tried);

    String denied =
        answer.replaceFirst("code=[^&]*", "error=access_denied&error_description=No%3Cb%3E");
    Answer told = back(denied, eve.cookie());
    assertThat(told.status()).isEqualTo(401);
    assertThat(told.body()).contains("access_denied (No&lt;b&gt;)");
    assertThat(back(answer + "&iss=http://evil.example", eve.cookie()).body())
        .contains("of the issuer &#39;http://evil.example&#39;");
  }

  @Test
  void tabsOfOneBrowserComeInAtOnceEachWhereItWanted() {
    Begun one = begin("/slo");
    Begun other = begin("/map", one.cookie());
    String cookies = one.cookie() + "; " + other.cookie();
    Answer first = back(provider.signedIn(one.address()), cookies);
    assertThat(first.header("Location")).isEqualTo("/slo");
    assertThat(first.headerValues("Set-Cookie"))
        .filteredOn(cookie -> cookie.startsWith("troth_signin"))
        .singleElement()
        .asString()
        .startsWith(one.cookie().split("=", 2)[0] + "=;");
    Answer second = back(provider.signedIn(other.address()), other.cookie());
    assertThat(second.header("Location")).isEqualTo("/map");
  }

  @Test
  void aBrowserHasBegunFourSignInsAtMost() {
    List<String> jar = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      Answer answer = platform.get("/login/openid", "Cookie", "a=b; " + String.join("; ", jar));
      for (String cookie : answer.headerValues("Set-Cookie")) {
        String pair = cookie.split(";", 2)[0];
        if (cookie.contains("Max-Age=0")) {
          jar.removeIf(known -> known.startsWith(pair));
        } else {
          jar.add(pair);
        }
      }
      assertThat(jar).hasSize(Math.min(i + 1, 4));
    }
  }

  @Test
  void whatABrowserBringsIsNeverTheSecretOfASignIn() {
    Begun planted = begin("/");
    Begun begun = begin("/", planted.cookie());
    Map<String, String> his = TestProvider.form(URI.create(planted.address()).getRawQuery());
    Map<String, String> hers = TestProvider.form(URI.create(begun.address()).getRawQuery());
    for (String secret : List.of("state", "nonce", "code_challenge")) {
      assertThat(hers.get(secret)).as(secret).isNotEqualTo(his.get(secret));
    }
  }

  @Test
  void whatTheIdTokenLeavesOutOfAnAddressIsReadFromUserinfo() {
    provider.claims.remove("email_verified");
    provider.userinfo.putAll(
        Map.of("sub", "u1", "email", "ada@shop.example", "email_verified", true));
    assertThat(signIn().status()).isEqualTo(303);

    provider.userinfo.put("email", "eve@shop.example");
    assertThat(signIn().body())
        .as("verified is another address")
        .contains("email_verified of ada@shop.example is not true");
    provider.userinfo.put("email", "ada@shop.example");
    provider.userinfo.put("email_verified", false);
    assertThat(signIn().body()).contains("email_verified of ada@shop.example is not true");
  }

  @Test
  void overTlsTheCookieIsOfThisHostAlone() {
    for (String base : List.of("", "/troth")) {
      try (TestPlatform shop =
          start(
              "auth.openid.roles",
              "cn=staff=member",
              "http.public-url",
              "https://troth.example",
              "http.base-path",
              base)) {
        time.set(shop.clock().instant());
        Answer begun = shop.get("/login/openid?here=1&back=/slo");
        String cookie = begun.header("Set-Cookie");
        assertThat(cookie)
            .startsWith((base.isEmpty() ? "__Host-" : "__Secure-") + "troth_signin_")
            .contains("; Path=" + (base.isEmpty() ? "/" : base) + ";", "; Secure")
            .doesNotContain("Domain");
        URI back = URI.create(provider.signedIn(begun.header("Location")));
        String path = back.getRawPath() + "?" + back.getRawQuery();
        String pair = cookie.split(";", 2)[0];
        assertThat(shop.get(path, "Cookie", pair.substring(pair.indexOf('-') + 1)).status())
            .isEqualTo(400);
        assertThat(shop.get(path, "Cookie", pair).header("Location")).isEqualTo(base + "/slo");
      }
    }
  }

  @Test
  void whereTheUserWantedToGoIsAnAddressWhateverItsLetters() {
    Begun begun = begin("%2Fsearch%3Fq%3D%C3%A4%20b%26c%3D%25C3%25A4");
    assertThat(back(provider.signedIn(begun.address()), begun.cookie()).header("Location"))
        .isEqualTo("/search?q=%C3%A4%20b&c=%C3%A4");
    Answer form =
        platform.post(
            "/login",
            "token=" + platform.ownersToken() + "&back=%2Fsearch%3Fq%3D%C3%A4",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(form.header("Location")).isEqualTo("/search?q=%C3%A4");
  }

  @Test
  void nobodyIsSentElsewhere() {
    for (String evil : List.of("//evil.example", "https://evil.example", "/\\evil.example")) {
      Begun begun = begin(URLEncoder.encode(evil, StandardCharsets.UTF_8));
      assertThat(back(provider.signedIn(begun.address()), begun.cookie()).header("Location"))
          .isEqualTo("/");
    }
    Begun begun = begin("/");
    String forged = begun.cookie().split("\\.", 2)[0] + ".Ly9ldmlsLmV4YW1wbGU";
    assertThat(back(provider.signedIn(begun.address()), forged).header("Location")).isEqualTo("/");
  }

  @Test
  void aProviderThatIsAwayOrSaysSomethingElseIsNamed() {
    provider.metadata.put("issuer", "http://127.0.0.1:2");
    Answer other = platform.get("/login/openid");
    assertThat(other.status()).isEqualTo(502);
    assertThat(other.body()).contains("says that its issuer is");
    provider.metadata.put("issuer", provider.issuer());
    soon();
    provider.metadata.put("token_endpoint", "ftp://127.0.0.1/token");
    assertThat(platform.get("/login/openid").body()).contains("token_endpoint of");
    provider.close();
    soon();
    Answer away = platform.get("/login/openid");
    assertThat(away.status()).isEqualTo(502);
    assertThat(away.body()).contains("cannot be reached").contains("Access token");
  }

  @Test
  void aProviderThatFailsIsNotAskedAgainAtOnceByAll() {
    provider.metadata.put("issuer", "http://127.0.0.1:2");
    for (int i = 0; i < 5; i++) {
      assertThat(platform.get("/login/openid").status()).isEqualTo(502);
    }
    assertThat(provider.asked("metadata")).isEqualTo(1);
    provider.metadata.put("issuer", provider.issuer());
    soon();
    assertThat(platform.get("/login/openid").status()).isEqualTo(303);
    // It fails again: what was known serves.
    provider.metadata.put("issuer", "http://127.0.0.1:2");
    platform.clock().advance(Duration.ofMinutes(11));
    assertThat(platform.get("/login/openid").status()).isEqualTo(303);
    assertThat(platform.get("/login/openid").status()).isEqualTo(303);
    assertThat(provider.asked("metadata")).isEqualTo(3);
  }

  /** When it is asked again. */
  private void soon() {
    platform.clock().advance(Duration.ofSeconds(5));
  }

  @Test
  void whoCallsByAnotherNameBeginsAtTheOneThatTheProviderKnows() {
    Answer answer = platform.get("http://localhost:" + platform.port() + "/login/openid?back=/slo");
    assertThat(answer.header("Location"))
        .isEqualTo("http://127.0.0.1:" + platform.port() + "/login/openid?here=1&back=%2Fslo");
  }
}
