package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.contract.registry.PublishedContracts;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Earlier versions in a registry. Nobody misses what stands there alone: the registry has the
 * contracts of many teams.
 *
 * @param consumer whose version alone is asked for
 */
record EarlierRegistry(PublishedContracts registry, Optional<String> consumer)
    implements EarlierVersions {
  @Override
  public Earlier of(ContractFile next, Path shown, boolean all) {
    String subject =
        PublishedContracts.subject(next.name().orElseGet(() -> next.contract().name()));
    List<Integer> versions =
        consumer
            .map(name -> List.of(versionOf(name, subject)))
            .orElseGet(() -> registry.versions(subject));
    List<Contract> contracts = new ArrayList<>();
    for (int version : versions) {
      contracts.add(registry.version(subject, Integer.toString(version)).contract());
    }
    return new Earlier(contracts, List.of());
  }

  private int versionOf(String name, String subject) {
    Map<String, Integer> known = registry.consumers(subject);
    Integer version = known.get(name);
    if (version == null) {
      throw CommandException.usage(
          "--for is '%s', expected a consumer of %s: %s"
              .formatted(
                  name, subject, known.isEmpty() ? "none" : String.join(", ", known.keySet())));
    }
    return version;
  }

  @Override
  public Map<String, Path> missing(List<Path> named, Set<String> known) {
    return Map.of();
  }

  @Override
  public void close() {}
}
