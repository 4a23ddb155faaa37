package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.schema.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Where the earlier versions of a contract are: a file, a folder, or a git revision. */
final class EarlierVersions implements AutoCloseable {
  private static final long LONGEST_GIT_SECONDS = 60;

  private final @Nullable Path path;
  private final @Nullable String revision;
  private final Documents documents;
  private final List<Path> unpacked = new ArrayList<>();

  private EarlierVersions(@Nullable Path path, @Nullable String revision, Documents documents) {
    this.path = path;
    this.revision = revision;
    this.documents = documents;
  }

  static EarlierVersions of(String what, Documents documents) {
    Path path = Path.of(what);
    return Files.exists(path)
        ? new EarlierVersions(path, null, documents)
        : new EarlierVersions(null, what, documents);
  }

  /** The earlier versions of one contract; none if it did not exist. */
  List<Contract> of(Contract next, Path file) throws IOException {
    Path there = path;
    if (there == null) {
      return atRevision(file);
    }
    List<Contract> found = new ArrayList<>();
    for (Path earlier : ContractFiles.expand(List.of(there))) {
      Contract contract = load(earlier);
      if (!Files.isDirectory(there) || contract.name().equals(next.name())) {
        found.add(contract);
      }
    }
    return found;
  }

  private Contract load(Path file) throws IOException {
    try {
      return Contract.load(file, documents);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (ContractException wrong) {
      throw CommandException.usage(
          "the earlier version cannot be read: " + wrong.findings().getFirst());
    }
  }

  /** Unpacks the contract's folder as it was, so that its references are as they were too. */
  private List<Contract> atRevision(Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      return List.of();
    }
    String commit =
        git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}");
    Path copy = Files.createTempDirectory("troth-earlier-");
    unpacked.add(copy);
    Process process =
        new ProcessBuilder("git", "archive", "--format=zip", commit.strip(), "--", ".")
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (ZipInputStream zip = new ZipInputStream(process.getInputStream())) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = copy.resolve(entry.getName()).normalize();
        if (!entry.isDirectory() && target.startsWith(copy)) {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
    Path earlier = copy.resolve(file.getFileName());
    return Files.exists(earlier) ? List.of(load(earlier)) : List.of();
  }

  private String git(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).directory(folder.toFile()).start();
    } catch (IOException e) {
      throw CommandException.failed("git cannot be run: " + e.getMessage());
    }
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_GIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw CommandException.failed("git did not answer within a minute");
      }
      if (process.exitValue() != 0) {
        throw CommandException.usage(
            "the earlier version is '%s', expected a file, a folder or a git revision of %s"
                .formatted(revision, folder));
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted");
    }
  }

  @Override
  public void close() throws IOException {
    for (Path copy : unpacked) {
      try (Stream<Path> paths = Files.walk(copy)) {
        for (Path below : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(below);
        }
      }
    }
  }
}
