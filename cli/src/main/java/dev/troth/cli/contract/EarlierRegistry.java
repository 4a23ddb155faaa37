package dev.troth.cli.contract;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Earlier versions in a registry. Nobody misses what stands there alone: the registry has the
 * contracts of many teams.
 */
record EarlierRegistry(PublishedContracts registry) implements EarlierVersions {
  @Override
  public Earlier of(ContractFile next, Path shown, boolean all) {
    String subject =
        PublishedContracts.subject(next.name().orElseGet(() -> next.contract().name()));
    List<Contract> contracts = new ArrayList<>();
    for (int version : registry.versions(subject)) {
      contracts.add(registry.version(subject, Integer.toString(version)).contract());
    }
    return new Earlier(contracts, List.of());
  }

  @Override
  public Map<String, Path> missing(List<Path> named, Set<String> known) {
    return Map.of();
  }

  @Override
  public void close() {}
}
