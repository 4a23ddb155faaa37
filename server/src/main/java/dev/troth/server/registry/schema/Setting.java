package dev.troth.server.registry.schema;

import dev.troth.contracts.compatibility.Mode;
import java.util.Optional;

/**
 * What is set for a subject, a context or all of the registry; what is absent follows what lies
 * above.
 *
 * @param level how versions have to fit each other
 * @param normalize whether schemas are told apart by meaning instead of by their text
 * @param group the property of metadata whose value parts versions into groups, each compared alone
 * @param usage what is taken
 */
public record Setting(
    Optional<Mode> level,
    Optional<Boolean> normalize,
    Optional<String> group,
    Optional<Usage> usage) {
  public static final Setting NONE =
      new Setting(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public boolean isEmpty() {
    return equals(NONE);
  }

  /** Whether something but the usage is set. */
  public boolean hasConfig() {
    return level.isPresent() || normalize.isPresent() || group.isPresent();
  }

  public Setting withUsage(Optional<Usage> other) {
    return new Setting(level, normalize, group, other);
  }

  /** Without anything but the usage. */
  public Setting withoutConfig() {
    return NONE.withUsage(usage);
  }

  /** The same config with what another says. */
  public Setting changed(Setting by) {
    return new Setting(
        by.level.or(() -> level),
        by.normalize.or(() -> normalize),
        by.group.or(() -> group),
        usage);
  }

  /** Where this says nothing, what lies above. */
  public Setting under(Setting above) {
    return new Setting(
        level.or(above::level),
        normalize.or(above::normalize),
        group.or(above::group),
        usage.or(above::usage));
  }
}
