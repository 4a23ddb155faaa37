package dev.troth.cli.report;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Finding;
import dev.troth.contracts.schema.Documents;
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
  private final String uri;
  private final Set<String> earlier;
  private final Map<Path, Optional<SourceFile>> sources = new HashMap<>();

  /** Those of a file as it is now. */
  public FindingPlaces(Path contract) {
    this(contract, contract.toUri().toString(), List.of());
    sources.put(contract, read(contract));
  }

  /**
   * Those of a file that was read.
   *
   * @param earlier what an earlier version refuses is shown where the contract at hand says
   *     otherwise
   */
  public FindingPlaces(Path contract, ContractFile file, List<Contract> earlier) {
    this(contract, file.uri(), earlier);
    sources.put(contract, Optional.of(named(file.source(), contract)));
  }

  private FindingPlaces(Path contract, String uri, List<Contract> earlier) {
    this.contract = contract;
    this.uri = uri;
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
    if (known.file().equals(uri) || earlier.contains(known.file())) {
      return inContract("/schema" + known.pointer());
    }
    return beside(known.file())
        .flatMap(FindingPlaces::document)
        .map(source -> source.place(known.pointer()))
        .orElseGet(() -> inContract(""));
  }

  private static Optional<SourceFile> document(Path file) {
    try {
      return Optional.of(SourceFile.read(file.toString(), Files.readAllBytes(file)));
    } catch (IOException | SourceFile.SyntaxException e) {
      return Optional.empty();
    }
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
    return sources.getOrDefault(file, Optional.empty());
  }

  private static SourceFile named(SourceFile source, Path file) {
    return new SourceFile(file.toString(), source.json(), source.lines());
  }

  private static Optional<SourceFile> read(Path file) {
    try {
      return Optional.of(ContractFile.read(file, Documents.NONE).source());
    } catch (IOException | ContractException e) {
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
