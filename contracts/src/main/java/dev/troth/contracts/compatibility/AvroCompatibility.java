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
  private final Mode mode;
  private final Layer layer;

  AvroCompatibility(Mode mode, Layer layer) {
    this.mode = mode;
    this.layer = layer;
  }

  /** One version of an Avro schema under the name that findings call it by. */
  record Version(String name, Json schema) {}

  /** Compares as {@link Compatibility#judge} does. */
  Judgement judge(Json next, List<Version> earlier) {
    List<Version> asked =
        mode.transitive() || earlier.isEmpty() ? earlier : List.of(earlier.getLast());
    List<Comparison> comparisons = new ArrayList<>();
    for (Version version : asked) {
      for (Direction direction : mode.directions()) {
        comparisons.add(compare(next, version, direction));
      }
    }
    return new Judgement(comparisons);
  }

  private Comparison compare(Json next, Version version, Direction direction) {
    boolean backward = direction == Direction.BACKWARD;
    Json writer = backward ? version.schema() : next;
    Json reader = backward ? next : version.schema();
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
    return Comparison.proof(version.name(), direction, layer, answer, findings);
  }

  private static List<Finding> refuted(
      Version version,
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
                        ? "the new version %s a message of version %s".formatted(how, version.name())
                        : "version %s %s a message of the new version".formatted(version.name(), how),
                    breach.bytes().isEmpty() ? "none" : "0x" + breach.bytes(),
                    breach.reason()),
            "give the field a default, or keep what was there; or raise the major version"));
    obstacles.forEach(o -> findings.add(finding(o, version, direction, "cannot")));
    return findings;
  }

  private static Finding finding(
      AvroResolution.Obstacle obstacle, Version version, Direction direction, String how) {
    return Finding.error(
        direction + "/avro-" + obstacle.rule(),
        obstacle.pointer(),
        "%s: at %s, %s"
            .formatted(
                direction == Direction.BACKWARD
                    ? "the new version %s read what version %s wrote".formatted(how, version.name())
                    : "version %s %s read what the new one writes".formatted(version.name(), how),
                obstacle.pointer(),
                obstacle.message()),
        "give the field a default, or keep what was there; or raise the major version");
  }

  private static Finding untold(Version version, Direction direction, String reason) {
    return Finding.error(
        direction + "/unknown",
        "",
        "whether version %s is compatible could not be told: %s".formatted(version.name(), reason),
        "mend the Avro schema");
  }
}
