package dev.troth.server.objective;

import dev.troth.server.telemetry.Forwarder;
import dev.troth.server.telemetry.Intake;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was received and not counted, by reason, since the start. */
public final class TelemetryLosses {
  private final Intake intake;
  private final Forwarder forwarder;
  private final ObjectiveStage objectives;

  public TelemetryLosses(Intake intake, Forwarder forwarder, ObjectiveStage objectives) {
    this.intake = intake;
    this.forwarder = forwarder;
    this.objectives = objectives;
  }

  /** Counts by reason. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("refused", intake.refused());
    counts.put("notForwarded", forwarder.dropped());
    counts.putAll(objectives.losses());
    return counts;
  }
}
