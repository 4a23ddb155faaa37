package dev.troth.orders.traffic;

import dev.troth.orders.fault.Fault;
import dev.troth.orders.fault.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What customers show at the door: their token, or a bad one while the fault {@code bad-token} is
 * on.
 */
final class Tokens {
  private final Optional<String> good;
  private final Map<String, String> bad;
  private final Faults faults;

  private Tokens(Optional<String> good, Map<String, String> bad, Faults faults) {
    this.good = good;
    this.bad = Map.copyOf(bad);
    this.faults = faults;
  }

  /** One token, or none, and never a bad one. */
  static Tokens of(Optional<String> good, Faults faults) {
    return new Tokens(good, Map.of(), faults);
  }

  /**
   * The token of a file, and the bad ones of a folder with a file {@code NAME.token} for each
   * variant of the fault.
   */
  static Tokens of(Optional<Path> file, Optional<Path> folder, Faults faults) throws IOException {
    Optional<String> good = file.isEmpty() ? Optional.empty() : Optional.of(read(file.get()));
    Map<String, String> bad = new HashMap<>();
    if (folder.isPresent()) {
      for (String variant : Fault.BAD_TOKEN.variants()) {
        bad.put(variant, read(folder.get().resolve(variant + ".token")));
      }
    }
    return new Tokens(good, bad, faults);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  /** What the next request shows; nothing where nobody has a token. */
  Optional<String> next() {
    Optional<String> variant = faults.strike(Fault.BAD_TOKEN);
    return variant.isPresent() ? Optional.ofNullable(bad.get(variant.get())) : good;
  }
}
