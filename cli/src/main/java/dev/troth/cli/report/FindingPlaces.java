package dev.troth.cli.report;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.Location;
import dev.troth.json.file.SourceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the line and column of findings that name a JSON Pointer alone: into the contract, or into
 * a schema document by its URI.
 */
public final class FindingPlaces {
  private final Path contract;
  private final Set<String> earlier;
  private final Map<Path, Optional<SourceFile>> sources = new HashMap<>();

  public FindingPlaces(Path contract) {
    this(contract, List.of());
  }

  /** What an earlier version refuses is shown where the contract at hand says otherwise. */
  public FindingPlaces(Path contract, List<Contract> earlier) {
    this.contract = contract;
    this.earlier =
        earlier.stream()
            .flatMap(version -> version.schema().stream())
            .map(schema -> schema.place().document())
            .collect(Collectors.toSet());
  }

  public List<Finding> of(List<Finding> findings) {
    return findings.stream().map(finding -> finding.at(located(finding.location()))).toList();
  }

  private Location located(Location known) {
    if (known.line() > 0) {
      return known;
    }
    if (known.file().isEmpty()) {
      return inContract(known.pointer());
    }
    if (known.file().equals(contract.toUri().toString()) || earlier.contains(known.file())) {
      return inContract("/schema" + known.pointer());
    }
    return beside(known.file())
        .flatMap(this::source)
        .map(source -> source.place(known.pointer()))
        .orElseGet(() -> inContract(""));
  }

  /** What judges an Avro schema counts from the schema's root. */
  private Location inContract(String pointer) {
    Optional<SourceFile> source = source(contract);
    if (source.isEmpty()) {
      return new Location(contract.toString(), 0, 0, pointer);
    }
    boolean there = JsonPointer.find(source.get().json(), pointer).isPresent();
    String fromSchema = "/schema" + pointer;
    boolean inSchema = JsonPointer.find(source.get().json(), fromSchema).isPresent();
    return source.get().place(!there && inSchema ? fromSchema : pointer);
  }

  private Optional<SourceFile> source(Path file) {
    return sources.computeIfAbsent(file, FindingPlaces::read);
  }

  private static Optional<SourceFile> read(Path file) {
    try {
      return Optional.of(SourceFile.read(file.toString(), Files.readAllBytes(file)));
    } catch (IOException | SourceFile.SyntaxException e) {
      return Optional.empty();
    }
  }

  /** A schema in the contract's folder, named as the contract is: from the working directory. */
  private Optional<Path> beside(String uri) {
    if (!uri.startsWith("file:")) {
      return Optional.empty();
    }
    try {
      Path file = Path.of(URI.create(uri));
      Path here = Path.of("").toAbsolutePath();
      boolean near = file.startsWith(contract.toAbsolutePath().normalize().resolveSibling(""));
      return Optional.of(
              !contract.isAbsolute() && file.startsWith(here) ? here.relativize(file) : file)
          .filter(_ -> near);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
