package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.avro.AvroResolution;
import dev.troth.contracts.json.Json;
import dev.troth.contracts.proof.Answer;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges Avro schemas by Avro's rules of resolution. They say that every message can be read, or
 * that some may not be, without a message that shows it: so the answer is PROVED or UNKNOWN, never
 * REFUTED.
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
    List<AvroResolution.Obstacle> obstacles;
    try {
      obstacles = AvroResolution.obstacles(writer, reader);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return unknown(version, direction, String.valueOf(e.getMessage()), List.of());
    }
    return obstacles.isEmpty()
        ? Comparison.proof(version.name(), direction, layer, new Answer.Proved(), List.of())
        : unknown(version, direction, "Avro cannot resolve the schemas", obstacles);
  }

  private Comparison unknown(
      Version version,
      Direction direction,
      String reason,
      List<AvroResolution.Obstacle> obstacles) {
    List<Finding> findings = new ArrayList<>();
    for (AvroResolution.Obstacle obstacle : obstacles) {
      findings.add(
          Finding.error(
              direction + "/avro-" + obstacle.rule(),
              obstacle.pointer(),
              "%s: at %s, %s"
                  .formatted(
                      direction == Direction.BACKWARD
                          ? "the new version may not read what version " + version.name() + " wrote"
                          : "version " + version.name() + " may not read what the new one writes",
                      obstacle.pointer(),
                      obstacle.message()),
              "give the field a default, or keep what was there; or raise the major version"));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.error(
              direction + "/unknown",
              "",
              "whether version %s is compatible could not be told: %s"
                  .formatted(version.name(), reason),
              "mend the Avro schema"));
    }
    return Comparison.proof(version.name(), direction, layer, new Answer.Unknown(reason), findings);
  }
}
