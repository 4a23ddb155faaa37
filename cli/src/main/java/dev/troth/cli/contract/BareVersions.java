package dev.troth.cli.contract;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Version;
import java.util.List;
import java.util.Optional;

/** Versions of bare schemas that do not say their own. */
final class BareVersions {
  private BareVersions() {}

  /**
   * The contract in a file. If nobody says its version, it is the minor version after the earlier
   * ones of its major, or the latest of them if nothing changed.
   */
  static Contract following(ContractFile file, List<Contract> earlier, Optional<Version> asked) {
    if (asked.isPresent()) {
      return file.at(asked.get()).contract();
    }
    Contract contract = file.contract();
    if (!file.bare() || file.versioned()) {
      return contract;
    }
    int major = contract.version().major();
    Optional<Contract> latest =
        earlier.stream()
            .filter(before -> before.version().major() == major)
            .reduce((one, other) -> other.version().compareTo(one.version()) >= 0 ? other : one);
    if (latest.isEmpty()) {
      return contract;
    }
    Version version = latest.get().version();
    boolean unchanged = at(contract, version).bundle().equals(latest.get().bundle());
    return at(contract, unchanged ? version : new Version(major, version.minor() + 1, 0, ""));
  }

  /** A contract under another version. */
  static Contract at(Contract contract, Version version) {
    return contract.as(contract.name(), version);
  }
}
