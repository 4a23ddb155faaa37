package dev.troth.cli.contract.file;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The contract files that a command line names. */
public final class ContractFiles {
  private ContractFiles() {}

  /** Files as named; for a folder, the contracts in it and below it. */
  public static List<Path> expand(List<Path> named) {
    List<Path> files = below(named);
    if (files.isEmpty()) {
      throw CommandException.usage(
          "no *.contract.yaml, *.contract.yml or *.contract.json in " + named);
    }
    return files;
  }

  /** The same; there may be none. */
  public static List<Path> below(List<Path> named) {
    List<Path> files = new ArrayList<>();
    for (Path path : named) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> below = Files.walk(path)) {
          below.filter(ContractFiles::isContract).sorted().forEach(files::add);
        } catch (IOException e) {
          throw CommandException.usage(InputFile.unreadable(path, e));
        }
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static boolean isContract(Path file) {
    return isContract(file.toString());
  }

  /** Whether a file's name says that it is a contract. */
  public static boolean isContract(String name) {
    return name.endsWith(".contract.yaml")
        || name.endsWith(".contract.yml")
        || name.endsWith(".contract.json");
  }
}
