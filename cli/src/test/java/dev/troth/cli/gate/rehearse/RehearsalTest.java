package dev.troth.cli.gate.rehearse;

import static dev.troth.cli.gate.rehearse.RandomGates.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.Revocations;
import dev.troth.gate.serve.VerdictListener.Place;
import dev.troth.testkit.Property;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  private static final int TOKENS = 60;

  @TempDir private Path folder = Path.of("");
  private int known;
  private int turned;
  private int unknown;

  @Test
  void aRehearsalSaysWhatTheNewGateThenSays() {
    Property.of("a rehearsal agrees with the gate that it rehearses")
        .runs(25, 2_000)
        .check(random -> {
          RandomGates gates = new RandomGates(random);
          RandomGates.Setup before = gates.setup();
          RandomGates.Setup then = gates.setup();
          Map<String, String> tokens = new HashMap<>();
          Path file = folder.resolve("recorded-" + random.nextLong());
          try (Recorder recorder =
              Recorder.start(
                  file,
                  RandomGates.claims(before.rules()),
                  () -> before.trusts().stream().map(trust -> trust.keys().keyring()).toList(),
                  () -> NOW,
                  problem -> {
                    throw new AssertionError(problem);
                  })) {
            for (int i = 0; i < TOKENS; i++) {
              String token = gates.token();
              tokens.put(sha256(token), token);
              for (int use = random.nextInt(3); use >= 0; use--) {
                @Nullable Place place = gates.place();
                recorder.told(token.getBytes(UTF_8), before.verdict(token, place, NOW), place);
              }
            }
          }
          compare(file, tokens, then);
        });
    System.out.printf("%d known, %d turned, %d unknown%n", known, turned, unknown);
    assertThat(turned).as("verdicts that turned").isGreaterThan(50);
    assertThat(known).as("known beside unknown").isGreaterThan(4 * unknown);
  }

  private void compare(Path file, Map<String, String> tokens, RandomGates.Setup then) {
    Recording recording = RecordingFile.read(file);
    Set<String> unrecorded = RandomGates.claims(then.rules());
    recording.claims().forEach(unrecorded::remove);
    Rehearsal rehearsal =
        new Rehearsal(then.trusts(), Revocations.NONE, then.rules(), Optional.empty());
    for (Recorded token : recording.tokens()) {
      String text = requireNonNull(tokens.get(token.hash()));
      for (Use use : token.uses()) {
        Reason real = then.verdict(text, use.place(), use.last());
        switch (rehearsal.outcome(token, use, unrecorded)) {
          case Rehearsal.Outcome.Known(Reason reason) -> {
            if (token.isGenuine()) {
              assertThat(reason).as("%s at %s", text, use.place()).isEqualTo(real);
            }
            assertThat(real == Reason.VALID)
                .as("%s at %s: %s, %s", text, use.place(), reason, real)
                .isEqualTo(reason == Reason.VALID);
            known++;
            turned += (use.reason() == Reason.VALID) == (real == Reason.VALID) ? 0 : 1;
          }
          case Rehearsal.Outcome.Unknown _ -> {
            assertThat(!token.isGenuine() || !unrecorded.isEmpty()).isTrue();
            unknown++;
          }
        }
      }
    }
  }

  @Test
  void aRecordingHoldsNeitherTokensNorSignatures() throws Exception {
    Path file = folder.resolve("recorded");
    RandomGates gates = new RandomGates(new Random(7));
    RandomGates.Setup before = gates.setup();
    List<String> tokens = new ArrayList<>();
    try (Recorder recorder =
        Recorder.start(file, List.of(), () -> List.of(), () -> NOW, problem -> {})) {
      for (int i = 0; i < 50; i++) {
        String token = gates.token();
        tokens.add(token);
        recorder.told(
            token.getBytes(UTF_8),
            before.verdict(token, null, NOW),
            new Place("GET", "/a?key=secret"));
      }
    }
    String text = Files.readString(file);
    assertThat(text).contains("/a").doesNotContain("secret");
    for (String token : tokens) {
      assertThat(text).doesNotContain(token.substring(token.lastIndexOf('.') + 1));
      assertThat(text).doesNotContain(token.split("\\.")[1]);
    }
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
  }

  static String sha256(String token) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
  }
}
