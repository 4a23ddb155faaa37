package dev.troth.server.openid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.stream.StreamReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a sign-in gave ends with what gave it. */
final class SignInRightsTest extends SignInScene {
  private static final String ADA = "ada@shop.example";

  private boolean isIn(String session) {
    return me(session).body().contains(ADA);
  }

  /** The roles of the tokens that are valid, in no order. */
  private List<String> roles() {
    String owner = "Bearer " + platform.ownersToken();
    return platform
        .get("/api/tokens", "Authorization", owner)
        .json()
        .get("tokens")
        .valueStream()
        .filter(token -> token.get("note").asString().startsWith("sign-in"))
        .filter(token -> token.get("revokedAt").isNull())
        .map(token -> token.get("role").asString())
        .toList();
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
  void whoHasNoRoleAnyLongerLosesWhatEarlierSignInsGave() {
    provider.claims.put("groups", List.of("ops"));
    String laptop = session(signIn());
    String phone = session(signIn());
    try (StreamReader stream = StreamReader.open(platform, "/api/stream", "Cookie", laptop)) {
      assertThat(stream.next().name()).isEqualTo("hello");
      provider.claims.put("groups", List.of());
      Begun begun = begin("/");
      Answer refused = back(provider.signedIn(begun.address()), begun.cookie() + "; " + phone);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(stream.rest()).isEmpty();
    }
    assertThat(isIn(laptop)).isFalse();
    assertThat(isIn(phone)).isFalse();
    assertThat(roles()).isEmpty();
  }

  @Test
  void whoseNameIsRefusedLosesThemTooAndSomebodyElseDoesNot() {
    String session = session(signIn());
    provider.claims.put("sub", "u2");
    provider.claims.put("email", "bob@shop.example");
    provider.claims.put("groups", List.of());
    assertThat(signIn().status()).isEqualTo(403);
    assertThat(isIn(session)).isTrue();
    provider.claims.put("sub", "u1");
    provider.claims.put("email_verified", false);
    assertThat(signIn().status()).isEqualTo(403);
    assertThat(isIn(session)).isFalse();
  }

  @Test
  void whatTheProviderCannotSayEndsNothing() {
    String session = session(signIn());
    provider.claims.remove("groups");
    provider.metadata.put("userinfo_endpoint", provider.issuer() + "/nowhere");
    platform.clock().advance(Duration.ofMinutes(11));
    time.set(platform.clock().instant());
    assertThat(signIn().status()).isEqualTo(502);
    assertThat(isIn(session)).isTrue();
  }

  @Test
  void anotherNameOfOnePersonAndAnotherPersonOfOneNameEndTheLoginsOfBefore() {
    String before = session(signIn());
    provider.claims.put("email", "ada@new.example");
    String renamed = session(signIn());
    assertThat(isIn(before)).isFalse();
    assertThat(me(renamed).body()).contains("ada@new.example");

    provider.claims.put("sub", "u2");
    String other = session(signIn());
    assertThat(me(renamed).status()).isEqualTo(401);
    assertThat(me(other).body()).contains("ada@new.example");
  }

  @Test
  void aStartWithoutTheProviderEndsAllSignInsAndWithItKeepsThem() {
    String session = session(signIn());
    platform.restart();
    assertThat(isIn(session)).isTrue();
    for (String key : List.of("issuer", "client", "secret", "roles")) {
      platform.change("auth.openid." + key, null);
    }
    platform.restart();
    assertThat(isIn(session)).isFalse();
    assertThat(roles()).isEmpty();
  }

  @Test
  void aStartThatGivesTheRoleNoLongerEndsTheSignInsThatHadItAndLeavesOthers() {
    String staff = session(signIn());
    provider.claims.put("sub", "u2");
    provider.claims.put("email", "bob@shop.example");
    provider.claims.put("groups", List.of("ops"));
    String ops = session(signIn());
    platform.change("auth.openid.roles", "ops=member,boss=admin,cn=staff=member");
    platform.restart();
    assertThat(me(ops).body()).doesNotContain("bob");
    assertThat(isIn(staff)).isTrue();
    // More than before is not less.
    platform.change("auth.openid.roles", "ops=member,boss=admin,cn=staff=admin");
    platform.restart();
    assertThat(me(staff).body()).contains(ADA, "\"member\"");
    platform.change("auth.openid.known", "1h");
    platform.restart();
    assertThat(isIn(staff)).isFalse();
  }

  @Test
  void anotherProviderEndsWhatTheFormerGave() {
    String session = session(signIn());
    try (TestProvider next = new TestProvider(time)) {
      platform.change("auth.openid.issuer", next.issuer());
      platform.restart();
      assertThat(isIn(session)).isFalse();
      assertThat(roles()).isEmpty();
    }
  }

  @Test
  void ofTwoThatEndAtOnceWithDifferentRolesOneHolds() throws Exception {
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 8; i++) {
        provider.claims.put("groups", List.of("ops"));
        Begun admin = begin("/");
        String first = provider.signedIn(admin.address());
        Begun member = begin("/");
        String second = provider.signedIn(member.address());
        provider.byCode.put("code" + i * 2, List.of("ops"));
        provider.byCode.put("code" + (i * 2 + 1), List.of("cn=staff"));
        List<Callable<Answer>> ends =
            List.of(() -> back(first, admin.cookie()), () -> back(second, member.cookie()));
        for (Future<Answer> one : both.invokeAll(ends)) {
          assertThat(one.get().status()).isEqualTo(303);
        }
        assertThat(roles()).as("after pair %d", i).hasSize(1);
      }
    }
  }

  @Test
  void aNameIsTakenAsTheProviderWritesItOrNotAtAll() {
    for (String name :
        List.of(
            " ada@shop.example",
            "ada@shop.example\u2003",
            "ada\u200b@shop.example",
            "ada\u202e@shop.example",
            "ada\u00a0b",
            "a\u0308da")) {
      provider.claims.put("email", name);
      Answer refused = signIn();
      assertThat(refused.status()).as(name).isEqualTo(403);
      assertThat(refused.body()).contains("expected a name in NFC");
    }
    provider.claims.put("email", "Åda Lovelace");
    assertThat(me(session(signIn())).body()).contains("Åda Lovelace");
  }

  @Test
  void theSettingsSayWhichTokenIsASignInAndEndItAndWhichHaveExpired() {
    String session = session(signIn());
    String page = platform.get("/settings", "Cookie", session).body();
    assertThat(page).contains("sign-in at " + provider.issuer(), ">valid</td>");
    Matcher id = Pattern.compile("name=\"token\" value=\"([0-9a-f]{32})\"").matcher(page);
    assertThat(id.find()).as(page).isTrue();
    Answer revoked =
        platform.send(
            "POST",
            "/settings",
            "do=revoke&token=" + id.group(1),
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Cookie",
            session,
            "Origin",
            "http://127.0.0.1:" + platform.port());
    assertThat(revoked.status()).as(revoked.body()).isEqualTo(303);
    assertThat(isIn(session)).isFalse();

    session(signIn());
    platform.clock().advance(Duration.ofDays(31));
    String later =
        platform.get("/settings", "Authorization", "Bearer " + platform.ownersToken()).body();
    assertThat(later).contains(">revoked</td>", ">expired</td>");
  }

  @Test
  void whatIsRefusedIsShownInPart() {
    String group = "r".repeat(9_000);
    provider.claims.put("groups", List.of(group));
    assertThat(signIn().body()).contains("groups is [" + group.substring(0, 100) + "…]");
    provider.claims.put("groups", IntStream.range(0, 30).mapToObj(i -> "g" + i).toList());
    assertThat(signIn().body()).contains("g9] and 20 more");
  }
}
