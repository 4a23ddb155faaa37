package dev.troth.cli.contract;

import dev.troth.cli.contract.file.ContractFiles;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.git.GitRepository;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The contracts that a check is asked about: files, or what the next commit would have of them. */
final class CheckedContracts implements AutoCloseable {
  private final List<Path> named;
  private final ContractReferences references;
  private final @Nullable GitRepository staged;

  private CheckedContracts(
      List<Path> named, ContractReferences references, @Nullable GitRepository staged) {
    this.named = List.copyOf(named);
    this.references = references;
    this.staged = staged;
  }

  /** Files and folders of the work tree. */
  static CheckedContracts files(List<Path> named, ContractReferences references) {
    return new CheckedContracts(named, references, null);
  }

  /** The index of the repository around the working directory; without folders, all of it. */
  static CheckedContracts staged(List<Path> named, ContractReferences references) {
    GitRepository repository = GitRepository.around(Path.of(""));
    List<Path> all = named.isEmpty() ? List.of(repository.root()) : named;
    return new CheckedContracts(all, references, repository);
  }

  /** One contract and how to read it. */
  record Checked(Path shown, Source source) {}

  /** Reads a contract's file. */
  @FunctionalInterface
  interface Source {
    ContractFile read() throws IOException;
  }

  /** Those that were named, and all below folders that were named. */
  List<Checked> all() {
    GitRepository repository = staged;
    if (repository == null) {
      return ContractFiles.below(named).stream().map(this::file).toList();
    }
    List<String> names = named.stream().map(repository::name).toList();
    List<Checked> checked = new ArrayList<>();
    for (String path : repository.index().keySet()) {
      boolean asked =
          names.stream()
              .anyMatch(name ->
                  name.equals(path)
                      || (ContractFiles.isContract(path)
                          && (name.isEmpty() || path.startsWith(name + "/"))));
      if (asked) {
        checked.add(staged(repository, path));
      }
    }
    return checked;
  }

  private Checked file(Path path) {
    return new Checked(path, () -> ContractFile.read(path, references.documents()));
  }

  private Checked staged(GitRepository repository, String path) {
    Path absolute = repository.root().resolve(path);
    Path here = Path.of("").toAbsolutePath();
    Path shown = absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    return new Checked(
        shown,
        () ->
            new GitContracts(repository, references)
                .inIndex(path)
                .orElseThrow(() -> new NoSuchFileException(path)));
  }

  /** What was named: a contract that is gone from there is missed. */
  List<Path> named() {
    return named;
  }

  /** Contracts of those names, wherever they stand now; for those that were moved elsewhere. */
  Map<String, Checked> elsewhere(Path near) throws IOException {
    Map<String, Checked> found = new LinkedHashMap<>();
    GitRepository repository = staged;
    if (repository != null) {
      for (String path : repository.index().keySet()) {
        if (ContractFiles.isContract(path)) {
          Checked checked = staged(repository, path);
          name(checked).ifPresent(name -> found.put(name, checked));
        }
      }
      return found;
    }
    try (GitRepository around = GitRepository.around(near)) {
      for (String path : around.workTree()) {
        Path absolute = around.root().resolve(path);
        if (ContractFiles.isContract(path) && Files.isRegularFile(absolute)) {
          Path here = Path.of("").toAbsolutePath();
          Checked checked = file(absolute.startsWith(here) ? here.relativize(absolute) : absolute);
          name(checked).ifPresent(name -> found.put(name, checked));
        }
      }
    }
    return found;
  }

  private static Optional<String> name(Checked checked) throws IOException {
    try {
      return checked.source().read().name();
    } catch (ContractException unreadable) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    if (staged != null) {
      staged.close();
    }
  }
}
