package dev.troth.contracts;

import dev.troth.contracts.schema.Documents;
import dev.troth.json.Json;
import dev.troth.json.file.SourceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file that holds a contract. A bare JSON Schema or Avro schema is one too: its name comes from
 * {@code $id} or the file, its version from the file or from whoever knows it.
 *
 * @param source the contract as JSON, with places in the file; a bare schema stands under {@code
 *     /schema}
 * @param uri from which references are resolved
 * @param documents where references may lead
 * @param bare whether the file is a schema without a contract around it
 * @param versioned whether the file says its whole version
 */
public record ContractFile(
    SourceFile source, String uri, Documents documents, boolean bare, boolean versioned) {

  /**
   * Reads a file. References may lead to its folder and below it, and to {@code remotes}.
   *
   * @throws ContractException if it is neither YAML nor JSON
   * @throws IOException if it cannot be read
   */
  public static ContractFile read(Path file, Documents remotes) throws IOException {
    return of(
        file.toString(), Files.readAllBytes(file), file.toUri().toString(), remotes.or(near(file)));
  }

  /**
   * The same from bytes.
   *
   * @param name of the file; its end decides between YAML, JSON and Avro
   */
  public static ContractFile of(String name, byte[] bytes, String uri, Documents documents) {
    SourceFile source;
    try {
      source = SourceFile.read(name, bytes);
    } catch (SourceFile.SyntaxException e) {
      throw new ContractException(
          List.of(
              Finding.error("contract-syntax", e.place(), e.reason(), "write valid YAML or JSON")));
    }
    return BareSchema.of(source)
        .map(schema ->
            new ContractFile(schema.asContract(), uri, documents, true, schema.versioned()))
        .orElseGet(() -> new ContractFile(source, uri, documents, false, true));
  }

  /** This file under a version that it does not say itself; a contract keeps its own. */
  public ContractFile at(Version version) {
    return bare
        ? new ContractFile(BareSchema.withVersion(source, version), uri, documents, true, versioned)
        : this;
  }

  /**
   * The contract.
   *
   * @throws ContractException if it is wrong
   */
  public Contract contract() {
    return new ContractReader(source, uri, documents).contract();
  }

  /** The contract's name, if the file says one, even if the contract is wrong otherwise. */
  public Optional<String> name() {
    return source.json() instanceof Json.Obj object ? object.text("contract") : Optional.empty();
  }

  /** Everything wrong with the file; no error if it can be used. */
  public List<Finding> lint() {
    return new ContractReader(source, uri, documents).lint(bare);
  }

  /** The documents in the folder of a file and below it. */
  private static Documents near(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return uri -> {
      if (!uri.startsWith("file:") || folder == null) {
        return Optional.empty();
      }
      try {
        Path other = Path.of(URI.create(uri)).normalize();
        return other.startsWith(folder) && Files.isRegularFile(other)
            ? Optional.of(SourceFile.read(other.toString(), Files.readAllBytes(other)).json())
            : Optional.empty();
      } catch (IllegalArgumentException | IOException | SourceFile.SyntaxException e) {
        return Optional.empty();
      }
    };
  }
}
