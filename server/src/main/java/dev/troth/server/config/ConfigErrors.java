package dev.troth.server.config;

import dev.troth.server.ops.CannotStart;
import java.util.List;

/** Everything that is wrong with a configuration. */
public final class ConfigErrors extends CannotStart {
  private static final long serialVersionUID = 1L;

  private final transient List<String> errors;

  ConfigErrors(List<String> errors) {
    super(
        errors.size() == 1
            ? errors.getFirst()
            : errors.size() + " errors in the configuration\n  " + String.join("\n  ", errors));
    this.errors = List.copyOf(errors);
  }

  /** Each error on a line: the key, the value, where it was given, what was expected. */
  public List<String> errors() {
    return errors;
  }
}
