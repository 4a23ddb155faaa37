package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import dev.troth.testkit.Size;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Pages of many users at once, over connections that they share, by cookie and by token. */
class MixedIdentitiesTest {
  private static final int USERS = 64;
  private static final int LOADS = Size.count(1_280, 100_000);
  private static final List<String> PAGES =
      List.of("/", "/watches", "/inbox", "/settings", "/records/1", "/objectives");
  private static final Pattern ANYBODY = Pattern.compile("user-\\d+-of-64");

  @Test
  void noPageCarriesAnothersState() throws Exception {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    try (TestPlatform platform =
        TestPlatform.start("auth.mode", "token", "limits.rate", "1000000")) {
      List<String[]> callers = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        callers.add(caller(platform, i));
      }
      List<String> faults = new ArrayList<>();
      Map<String, String> tags = new ConcurrentHashMap<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(USERS)) {
        List<Future<List<String>>> visits = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
          int first = i;
          visits.add(threads.submit(() -> visit(platform, callers, first, tags)));
        }
        for (Future<List<String>> visit : visits) {
          faults.addAll(visit.get());
        }
      }
      assertThat(faults).as("of %d page loads", LOADS).isEmpty();
    }
  }

  private static String name(int user) {
    return "user-%d-of-64".formatted(user);
  }

  /** The headers of a user who watches as many subjects as the number says, by cookie or token. */
  private static String[] caller(TestPlatform platform, int user) {
    String token =
        platform
            .post(
                "/api/tokens",
                "{\"user\":\"%s\",\"role\":\"member\"}".formatted(name(user)),
                "Authorization",
                "Bearer " + platform.ownersToken())
            .json()
            .path("token")
            .asString();
    String[] bearer = {"Authorization", "Bearer " + token};
    for (int i = 0; i <= user % 7; i++) {
      String target = "{\"target\":\"order/%s/%d\"}".formatted(name(user), i);
      assertThat(platform.post("/api/watches", target, bearer).status()).isEqualTo(201);
    }
    if (user % 2 == 0) {
      return bearer;
    }
    Answer in =
        platform.send(
            "POST",
            "/login",
            "back=/&token=" + URLEncoder.encode(token, StandardCharsets.UTF_8),
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Origin",
            "http://127.0.0.1:" + platform.port());
    return new String[] {"Cookie", in.header("Set-Cookie").split(";", 2)[0]};
  }

  /** Whether the name by which a browser asks for a kept page again is that of nobody else's. */
  private static boolean isNamedForOne(Answer answer, String user, Map<String, String> tags) {
    String tag = answer.header("ETag");
    return tag.isEmpty() || tags.computeIfAbsent(tag, key -> user).equals(user);
  }

  /** One of 64 threads, each of which is everybody in turn. */
  private static List<String> visit(
      TestPlatform platform, List<String[]> callers, int first, Map<String, String> tags) {
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < LOADS / USERS && faults.size() < 3; i++) {
      int user = (first + i * 5) % USERS;
      String path = PAGES.get((first + i) % PAGES.size());
      Answer answer = platform.get(path, callers.get(user));
      Set<String> named = new TreeSet<>();
      Matcher somebody = ANYBODY.matcher(answer.body());
      while (somebody.find()) {
        named.add(somebody.group());
      }
      String watches = "\"watches\":%d".formatted(user % 7 + 1);
      if (answer.status() != 200
          || !named.equals(Set.of(name(user)))
          || !answer.body().contains(watches)
          || !isNamedForOne(answer, name(user), tags)) {
        faults.add(
            "%s of %s: %d, names %s, has %s: %s"
                .formatted(
                    path,
                    name(user),
                    answer.status(),
                    named,
                    watches,
                    answer.body().contains(watches)));
      }
    }
    return faults;
  }
}
