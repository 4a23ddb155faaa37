package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.avro.AvroBreach;
import dev.troth.contracts.avro.AvroResolution;
import dev.troth.contracts.proof.Answer;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges Avro schemas. They break if a message is found that the one writes and the other does not
 * read; they are proved by Avro's rules of resolution. If neither comes about, it is unknown.
 */
final class AvroCompatibility {
  private static final String CURE =
      "give the field a default, or keep what was there; or raise the major version";
  private static final String MISREAD_CURE =
      "keep it, and add a field of another name; or raise the major version";

  private final Layer layer;

  AvroCompatibility(Layer layer) {
    this.layer = layer;
  }

  /** What is written against one reader. */
  Comparison compare(Json writer, Json reader, String version, Direction direction) {
    Answer answer;
    List<Finding> findings;
    try {
      List<AvroResolution.Obstacle> obstacles =
          new ArrayList<>(AvroResolution.obstacles(writer, reader));
      Optional<AvroBreach> breach = AvroBreach.find(writer, reader);
      // A registry of Confluent's asks Avro's library alone, which passes over logical types.
      if (layer != Layer.CONFLUENT) {
        obstacles.addAll(AvroResolution.misreadings(writer, reader));
        breach = breach.or(() -> AvroBreach.misread(writer, reader));
      }
      if (breach.isPresent()) {
        answer = new Answer.Refuted(breach.get().message());
        findings = refuted(version, direction, breach.get(), obstacles);
      } else if (obstacles.isEmpty()) {
        answer = new Answer.Proved();
        findings = List.of();
      } else {
        answer = new Answer.Unknown("Avro cannot resolve the schemas, but reads what was tried");
        findings = obstacles.stream().map(o -> finding(o, version, direction, "may not")).toList();
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      answer = new Answer.Unknown(String.valueOf(e.getMessage()));
      findings = List.of(untold(version, direction, String.valueOf(e.getMessage())));
    }
    return Comparison.proof(version, direction, layer, answer, findings);
  }

  private static List<Finding> refuted(
      String version,
      Direction direction,
      AvroBreach breach,
      List<AvroResolution.Obstacle> obstacles) {
    List<Finding> findings = new ArrayList<>();
    String how = breach.refused() ? "refuses" : "misreads";
    findings.add(
        Finding.error(
            direction + "/avro",
            "",
            "%s, whose bytes are %s: %s"
                .formatted(
                    direction == Direction.BACKWARD
                        ? "the new version %s a message of version %s".formatted(how, version)
                        : "version %s %s a message of the new version".formatted(version, how),
                    breach.bytes().isEmpty() ? "none" : "0x" + breach.bytes(),
                    breach.reason()),
            breach.refused() ? CURE : MISREAD_CURE));
    obstacles.forEach(o -> findings.add(finding(o, version, direction, "cannot")));
    return findings;
  }

  private static Finding finding(
      AvroResolution.Obstacle obstacle, String version, Direction direction, String how) {
    return Finding.error(
        direction + "/avro-" + obstacle.rule(),
        obstacle.pointer(),
        "%s: at %s, %s"
            .formatted(
                direction == Direction.BACKWARD
                    ? "the new version %s read what version %s wrote".formatted(how, version)
                    : "version %s %s read what the new one writes".formatted(version, how),
                obstacle.pointer(),
                obstacle.message()),
        obstacle.rule().startsWith("decimal-") || obstacle.rule().equals("logical-type")
            ? MISREAD_CURE
            : CURE);
  }

  private static Finding untold(String version, Direction direction, String reason) {
    return Finding.error(
        direction + "/unknown",
        "",
        "whether version %s is compatible could not be told: %s".formatted(version, reason),
        "mend the Avro schema");
  }
}
