package dev.troth.slo.export;

import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.AlertPolicy.Preset;
import dev.troth.slo.objective.Objective;
import java.util.List;
import java.util.Optional;

/** Which objectives of files are exported, and with which alerts. */
public final class Selection {
  private Selection() {}

  /** The same files with the conditions of a preset in the place of their own. */
  public static Loaded withPreset(Loaded loaded, Preset preset) {
    return loaded.withObjectives(
        loaded.objectives().stream().map(one -> withPreset(one, preset)).toList());
  }

  private static Objective withPreset(Objective objective, Preset preset) {
    AlertPolicy own = objective.rules().alerts();
    AlertPolicy alerts =
        new AlertPolicy(
            preset.scaledTo(objective.goal().window()).conditions(),
            own.gate(),
            own.resolveAfter(),
            own.lostAfter(),
            own.unknownAbove());
    Objective.Rules rules =
        new Objective.Rules(
            alerts,
            objective.rules().exclusions(),
            objective.rules().maintenance(),
            objective.rules().policies());
    return new Objective(objective.title(), objective.measure(), objective.goal(), rules);
  }

  /** The named one, or all that stand in the files. */
  static List<Objective> of(Loaded loaded, Optional<String> name) throws RefusedException {
    List<Objective> chosen =
        loaded.objectives().stream()
            .filter(objective -> name.isEmpty() || objective.name().equals(name.get()))
            .toList();
    if (chosen.isEmpty()) {
      throw new RefusedException(
          name.isPresent()
              ? "there is no objective '%s', expected one of %s"
                  .formatted(
                      name.get(),
                      String.join(", ", loaded.objectives().stream().map(Objective::name).toList()))
              : "the files hold no objective");
    }
    return chosen;
  }
}
