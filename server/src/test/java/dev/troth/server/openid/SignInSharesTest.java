package dev.troth.server.openid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import dev.troth.server.ops.JsonLog;
import dev.troth.server.ops.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever guesses codes keeps nobody else from signing in, and does not fill the log. */
final class SignInSharesTest extends SignInScene {
  private static final String STRANGER = "10.0.0.1";
  private static final int AT_ONCE = 8;
  private static final int GUESSES = 100;

  @Override
  TestPlatform start(String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.addAll(List.of("http.proxies", "127.0.0.1"));
    return super.start(settings.toArray(String[]::new));
  }

  @AfterEach
  void restoreTheLog() throws Exception {
    LogManager.getLogManager().readConfiguration();
  }

  /** What a client is told who brings a code that it made up. */
  private Answer guess(String client, String code) {
    Begun begun = begin("/");
    String state = TestProvider.form(URI.create(begun.address()).getRawQuery()).get("state");
    return platform.get(
        "/login/openid/callback?code=" + code + "&state=" + state,
        "Cookie",
        begun.cookie(),
        "X-Forwarded-For",
        client);
  }

  @Test
  void whoHoldsTheProviderHoldsItsOwnShareAlone() throws Exception {
    provider.open = new CountDownLatch(1);
    try (ExecutorService strangers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Answer>> slow = new ArrayList<>();
      try {
        for (int i = 0; i < AT_ONCE; i++) {
          slow.add(strangers.submit(() -> guess(STRANGER, "slow")));
        }
        await().until(() -> provider.asked("token") == AT_ONCE);
        Answer more = guess(STRANGER, "quick");
        assertThat(more.status()).isEqualTo(503);
        assertThat(more.body()).contains("too many people sign in at the moment");
        assertThat(me(session(signIn())).body()).contains("ada@shop.example");
      } finally {
        provider.open.countDown();
      }
      for (Future<Answer> one : slow) {
        assertThat(one.get().status()).isEqualTo(400);
      }
    }
    assertThat(guess(STRANGER, "quick").status()).as("the share is free again").isEqualTo(400);
  }

  @Test
  void guessesAreBoundedSaidInTrueWordsAndTenLinesASecond() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    JsonLog.install(new PrintStream(log, true, StandardCharsets.UTF_8), LogLevel.INFO);
    for (int i = 0; i < GUESSES; i++) {
      Answer wrong = guess(STRANGER, "guess");
      assertThat(wrong.status()).isEqualTo(400);
      assertThat(wrong.body()).contains("does not take this code (invalid_grant): sign in again");
    }
    Answer more = guess(STRANGER, "guess");
    assertThat(more.status()).isEqualTo(429);
    assertThat(more.body()).contains("too many sign-ins come from " + STRANGER);
    assertThat(provider.asked("token")).isEqualTo(GUESSES);
    assertThat(me(session(signIn())).body()).contains("ada@shop.example");
    platform.clock().advance(Duration.ofSeconds(1));
    assertThat(guess(STRANGER, "guess").status()).isEqualTo(400);

    await()
        .untilAsserted(
            () -> assertThat(lines(log, "troth.openid").size() + leftOut(log)).isEqualTo(101));
    assertThat(lines(log, "troth.openid"))
        .allMatch(line -> line.contains("\"info\"") && line.contains("a code was brought"));
    assertThat(leftOut(log)).isPositive();
    assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("nobody can sign in");
  }

  private static List<String> lines(ByteArrayOutputStream log, String logger) {
    return log.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> Json.mapper().readTree(line).get("logger").asString().equals(logger))
        .toList();
  }

  private static long leftOut(ByteArrayOutputStream log) {
    return lines(log, "troth.log").stream()
        .map(line -> Json.mapper().readTree(line).get("message").asString())
        .filter(message -> message.contains("lines of sign-ins were left out"))
        .mapToLong(message -> Long.parseLong(message.substring(0, message.indexOf(' '))))
        .sum();
  }
}
