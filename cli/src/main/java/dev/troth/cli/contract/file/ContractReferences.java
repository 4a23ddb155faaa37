package dev.troth.cli.contract.file;

import dev.troth.cli.command.CommandException;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Version;
import dev.troth.contracts.schema.Documents;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How contracts are read: what may be fetched, and the version of a schema that does not say one.
 */
public final class ContractReferences {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_BYTES = 16 << 20;

  @Option(
      names = "--allow-ref",
      paramLabel = "PREFIX",
      description =
          "Fetch referenced schemas whose URL begins with PREFIX, such as https://example.com/schemas/.")
  private List<String> allowed = List.of();

  @Option(
      names = "--contract-version",
      paramLabel = "VERSION",
      description =
          "The version of a bare JSON Schema or .avsc, such as 1.2.0 (default: what the file or its"
              + " name says, else counted by its changes in git).")
  private @Nullable String version;

  /** A contract as a file has it. */
  public ContractFile read(Path file) throws IOException {
    return versioned(ContractFile.read(file, documents()));
  }

  /** The contract in a file. */
  public Contract load(Path file) throws IOException {
    return read(file).contract();
  }

  /** The file under the version that was asked for. */
  public ContractFile versioned(ContractFile file) {
    return asked().map(file::at).orElse(file);
  }

  /** The version that was asked for. */
  public Optional<Version> asked() {
    String text = version;
    return text == null
        ? Optional.empty()
        : Optional.of(
            Version.parse(text)
                .orElseThrow(() ->
                    CommandException.usage(
                        "--contract-version is '%s', expected MAJOR.MINOR.PATCH".formatted(text))));
  }

  public Documents documents() {
    if (allowed.isEmpty()) {
      return Documents.NONE;
    }
    for (String prefix : allowed) {
      if (!prefix.matches("https?://[^/]+/.*")) {
        throw CommandException.usage(
            "--allow-ref is '%s', expected http(s)://host/ and perhaps a path".formatted(prefix));
      }
    }
    return uri ->
        allowed.stream().anyMatch(uri::startsWith) ? Optional.of(fetch(uri)) : Optional.empty();
  }

  private static Json fetch(String uri) {
    // Redirects are not followed: they could lead outside what is allowed.
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(URI.create(uri)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw CommandException.failed(uri + " answers " + response.statusCode());
        }
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw CommandException.failed(uri + " is larger than %,d bytes".formatted(MAX_BYTES));
        }
        return JsonReader.read(bytes);
      }
    } catch (IOException | JsonException e) {
      throw CommandException.failed(uri + " cannot be fetched: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed(uri + " was not fetched: interrupted");
    }
  }
}
