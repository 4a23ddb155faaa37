package dev.troth.cli.contract;

import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.git.GitRepository;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.schema.Documents;
import dev.troth.json.file.SourceFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads contracts out of git as if their files stood in the work tree: references lead to the files
 * of the same commit, or of the index.
 */
final class GitContracts {
  private final GitRepository repository;
  private final ContractReferences references;
  private final Map<String, Optional<String>> names = new HashMap<>();

  GitContracts(GitRepository repository, ContractReferences references) {
    this.repository = repository;
    this.references = references;
  }

  /** A contract as it was at a commit; empty if there was no such file. */
  Optional<ContractFile> at(String commit, String path) {
    return read(path, other -> repository.file(commit, other));
  }

  /** A contract as the next commit would have it. */
  Optional<ContractFile> inIndex(String path) {
    return read(path, other -> repository.file("", other));
  }

  private Optional<ContractFile> read(String path, Function<String, Optional<byte[]>> content) {
    return content
        .apply(path)
        .map(bytes ->
            ContractFile.of(
                path, bytes, uri(path), references.documents().or(beside(path, content))));
  }

  private String uri(String path) {
    return repository.root().resolve(path).toUri().toString();
  }

  private Documents beside(String path, Function<String, Optional<byte[]>> content) {
    Path root = repository.root();
    Path folder = root.resolve(path).resolveSibling("").normalize();
    return uri -> {
      if (!uri.startsWith("file:")) {
        return Optional.empty();
      }
      try {
        Path other = Path.of(URI.create(uri)).normalize();
        if (!other.startsWith(folder)) {
          return Optional.empty();
        }
        String name = root.relativize(other).toString().replace('\\', '/');
        Optional<byte[]> bytes = content.apply(name);
        return bytes.isEmpty()
            ? Optional.empty()
            : Optional.of(SourceFile.read(name, bytes.get()).json());
      } catch (IllegalArgumentException | SourceFile.SyntaxException e) {
        return Optional.empty();
      }
    };
  }

  /** The name of the contract that a content is; each content is read once. */
  Optional<String> name(String path, String object) {
    return names.computeIfAbsent(
        path.substring(path.lastIndexOf('/') + 1) + " " + object,
        _ -> repository.content(object).flatMap(bytes -> name(path, bytes)));
  }

  /** The name of the contract in a file; none if it cannot be read so far. */
  private static Optional<String> name(String path, byte[] bytes) {
    try {
      return ContractFile.of(path, bytes, "file:/", Documents.NONE).name();
    } catch (ContractException unreadable) {
      return Optional.empty();
    }
  }
}
