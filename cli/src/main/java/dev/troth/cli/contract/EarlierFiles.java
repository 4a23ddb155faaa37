package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.contract.file.ContractFiles;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Earlier versions in a file, or in a folder under their contracts' names. */
record EarlierFiles(Path there, ContractReferences references) implements EarlierVersions {
  @Override
  public Earlier of(ContractFile next, Path shown, boolean all) throws IOException {
    if (!Files.isDirectory(there)) {
      return new Earlier(List.of(EarlierVersions.usable(read(there))), List.of());
    }
    List<Contract> found = new ArrayList<>();
    for (Path earlier : next.bare() ? alike(shown) : ContractFiles.below(List.of(there))) {
      ContractFile file = read(earlier);
      if (file.bare() == next.bare() && file.name().equals(next.name())) {
        found.add(EarlierVersions.usable(file));
      }
    }
    return new Earlier(found, List.of());
  }

  /** Files of the same kind; a bare schema is known by its content alone. */
  private List<Path> alike(Path shown) throws IOException {
    String name = shown.toString();
    String end = name.substring(name.lastIndexOf('.') + 1);
    try (Stream<Path> below = Files.walk(there)) {
      return below
          .filter(path -> path.toString().endsWith("." + end) && Files.isRegularFile(path))
          .sorted()
          .toList();
    }
  }

  private ContractFile read(Path file) throws IOException {
    try {
      return ContractFile.read(file, references.documents());
    } catch (ContractException wrong) {
      throw EarlierVersions.unreadable(wrong);
    }
  }

  @Override
  public Map<String, Path> missing(List<Path> named, Set<String> known) throws IOException {
    Map<String, Path> missing = new LinkedHashMap<>();
    if (!Files.isDirectory(there) || named.stream().noneMatch(Files::isDirectory)) {
      return missing;
    }
    for (Path earlier : ContractFiles.below(List.of(there))) {
      String name =
          read(earlier)
              .name()
              .orElseThrow(() ->
                  CommandException.usage(
                      "the earlier version cannot be read: %s has no name".formatted(earlier)));
      if (!known.contains(name)) {
        missing.put(name, earlier);
      }
    }
    return missing;
  }

  @Override
  public void close() {}
}
