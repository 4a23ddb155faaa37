package dev.troth.cli.git;

import dev.troth.cli.command.CommandException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A git repository: {@code GitRepository.around(folder)}. Not safe for use by many threads. */
public final class GitRepository implements AutoCloseable {
  private static final long LONGEST_SECONDS = 60;
  private static final int LARGEST_BYTES = 64 << 20;

  private final Path root;
  private @Nullable Process reader;
  private @Nullable OutputStream asked;
  private @Nullable InputStream answered;

  private GitRepository(Path root) {
    this.root = root;
  }

  /**
   * The repository that a folder is in.
   *
   * @throws CommandException if it is in none
   */
  public static GitRepository around(Path folder) {
    GitRepository here = new GitRepository(folder.toAbsolutePath().normalize());
    String top =
        here.run("rev-parse", "--show-toplevel")
            .orElseThrow(
                () -> CommandException.usage("%s is in no git repository".formatted(folder)));
    return new GitRepository(Path.of(top.strip()));
  }

  /** The folder of the work tree. */
  public Path root() {
    return root;
  }

  /** The path of a file as git names it: from the root, with slashes. */
  public String name(Path file) {
    Path real = file.toAbsolutePath().normalize();
    try {
      // The root that git tells has no symbolic links, the file's may.
      Path folder = real.getParent();
      real = folder == null ? real : folder.toRealPath().resolve(real.getFileName());
    } catch (IOException gone) {
      // Then it is named as it was given.
    }
    return root.relativize(real).toString().replace('\\', '/');
  }

  /** The commit that a revision names. */
  public Optional<String> commit(String revision) {
    return run("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
        .map(String::strip);
  }

  /** Whether part of the history was not fetched. */
  public boolean isShallow() {
    return run("rev-parse", "--is-shallow-repository").orElse("").strip().equals("true");
  }

  /** The files of a commit, with the names of their contents. */
  public Map<String, String> tree(String commit) {
    return entries(must("ls-tree", "-r", "-z", "--full-tree", commit), 2);
  }

  /** The files that the next commit would have. */
  public Map<String, String> index() {
    return entries(must("ls-files", "--stage", "-z", "--full-name"), 1);
  }

  /** The files of the work tree, committed or not, but for those that git ignores. */
  public List<String> workTree() {
    return Arrays.stream(
            must("ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0"))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private static Map<String, String> entries(String listing, int objectColumn) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (String line : listing.split("\0")) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        String[] columns = line.substring(0, tab).split(" ");
        boolean file = columns[0].startsWith("100");
        if (file) {
          entries.put(line.substring(tab + 1), columns[objectColumn]);
        }
      }
    }
    return entries;
  }

  /**
   * A content that a file once had.
   *
   * @param path the file
   * @param object the content's name
   */
  public record Past(String commit, String path, String object) {}

  /** All contents that matching files had in the history of a commit, newest first. */
  public List<Past> past(String commit, List<String> pathspecs) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "log",
                "--full-history",
                "-m",
                "--no-renames",
                "--raw",
                "--no-abbrev",
                "-z",
                "--format=%H",
                commit,
                "--"));
    command.addAll(pathspecs);
    List<Past> past = new ArrayList<>();
    String current = commit;
    String object = "";
    for (String token : must(command.toArray(String[]::new)).split("\0")) {
      String text = token.strip();
      if (text.startsWith(":")) {
        String[] columns = text.split(" ");
        object = columns[1].startsWith("100") ? columns[3] : "";
      } else if (!object.isEmpty()) {
        past.add(new Past(current, token, object));
        object = "";
      } else if (text.matches("[0-9a-f]{40,64}")) {
        current = text;
      }
    }
    return past;
  }

  /** The commits that touched files, oldest first. */
  public List<String> commits(String commit, List<String> paths) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "log", "--full-history", "--topo-order", "--reverse", "--format=%H", commit, "--"));
    paths.forEach(path -> command.add(":(literal)" + path));
    return must(command.toArray(String[]::new)).lines().filter(line -> !line.isBlank()).toList();
  }

  /** A file as it was at a commit. */
  public Optional<byte[]> file(String commit, String path) {
    return path.contains("\n") ? Optional.empty() : content(commit + ":" + path);
  }

  /** The content of that name. */
  public Optional<byte[]> content(String object) {
    try {
      OutputStream out = asked;
      InputStream in = answered;
      if (out == null || in == null) {
        Process process = start("cat-file", "--batch");
        reader = process;
        out = new BufferedOutputStream(process.getOutputStream());
        in = new BufferedInputStream(process.getInputStream());
        asked = out;
        answered = in;
      }
      out.write((object + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      String head = line(in);
      String[] columns = head.split(" ");
      if (head.endsWith(" missing") || columns.length != 3 || !columns[2].matches("\\d{1,9}")) {
        return Optional.empty();
      }
      int size = Integer.parseInt(columns[2]);
      boolean blob = columns[1].equals("blob");
      if (size > LARGEST_BYTES) {
        throw CommandException.failed(
            "%s has %,d bytes, expected at most %,d".formatted(object, size, LARGEST_BYTES));
      }
      byte[] bytes = in.readNBytes(size);
      in.readNBytes(1);
      return blob ? Optional.of(bytes) : Optional.empty();
    } catch (IOException e) {
      throw CommandException.failed("git cannot be asked for %s: %s".formatted(object, e));
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  private String must(String... arguments) {
    return run(arguments)
        .orElseThrow(() ->
            CommandException.failed("'git %s' failed".formatted(String.join(" ", arguments))));
  }

  /** What git answers; empty if it ends with an error. */
  private Optional<String> run(String... arguments) {
    Process process = start(arguments);
    try (InputStream out = process.getInputStream()) {
      process.getOutputStream().close();
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw CommandException.failed("git did not answer within a minute");
      }
      return process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      throw CommandException.failed("git cannot be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted");
    }
  }

  private Process start(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-c", "core.quotePath=false"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .directory(root.toFile())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw CommandException.failed("git cannot be run: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    Process process = reader;
    if (process != null) {
      process.destroy();
    }
  }
}
