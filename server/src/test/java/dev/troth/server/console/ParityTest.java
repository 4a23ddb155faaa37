package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.console.Screen.Frame;
import dev.troth.server.console.Screen.WatchlistState;
import dev.troth.server.console.Screen.WatchlistState.Watched;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Shown;
import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.console.site.Site;
import dev.troth.server.http.Json;
import dev.troth.server.record.RecordView;
import dev.troth.testkit.NodeScript;
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
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the server writes into a page is what the islands would have written: each island's own
 * framework renders random states, and both must come to the same elements, attributes and texts.
 */
class ParityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Frame FRAME =
      new Frame("auto", "ada", "member", true, false, "/", "", "0.1.0");

  @TempDir Path folder;

  @Test
  void theServerWritesWhatTheIslandsWouldWrite() throws IOException, InterruptedException {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    NodeScript console = NodeScript.in("console").requirePackage("svelte");
    BuiltPage<Screen<RecordPage>> page =
        BuiltPage.cut(
            "record.html", Site.bundled().page("record.html"), Screen.slots(RecordPage.SLOTS));
    Path lines = folder.resolve("pages.jsonl");
    try (BufferedWriter out = Files.newBufferedWriter(lines)) {
      Property.of("the server and the islands write the same")
          .runs(1_000, 10_000)
          .check(random -> write(out, page, state(random), random));
    }
    // The header and the watch button, on each page.
    assertThat(String.join("\n", console.reading(lines).run("test/parity/compare.mjs")))
        .matches("[1-9]\\d*[02468] islands equal");
  }

  private static void write(
      BufferedWriter out,
      BuiltPage<Screen<RecordPage>> page,
      WatchlistState state,
      RandomGenerator random) {
    RecordView record = new RecordView(7, text(random), text(random), Map.of(), 1);
    byte[] filled =
        page.fill(
            new Screen<>(
                FRAME,
                state,
                new RecordPage(record, new Shown<>(List.of(), true, true), "", new Moment(NOW))));
    try {
      out.write(
          Json.mapper()
              .writeValueAsString(
                  Map.of("page", new String(filled, StandardCharsets.UTF_8), "state", state)));
      out.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WatchlistState state(RandomGenerator random) {
    return new WatchlistState(
        "e",
        random.nextLong(1_000_000),
        NOW,
        text(random),
        count(random),
        count(random),
        count(random),
        random.nextInt(3) == 0 ? null : new Watched(text(random), random.nextBoolean()));
  }

  private static long count(RandomGenerator random) {
    return random.nextInt(3) == 0 ? random.nextLong(3) : random.nextLong(10_000_000);
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
