package dev.troth.cli.demo;

import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM flags of one command, from the launcher's table: {@code JvmFlags.of(root, "up")}.
 *
 * @param flags what the JVM is given
 * @param environment {@code NAME=VALUE} of each variable that goes with them
 */
record JvmFlags(List<String> flags, List<String> environment) {
  private static final String ALL = "all";

  JvmFlags {
    flags = List.copyOf(flags);
    environment = List.copyOf(environment);
  }

  /** The flags of all commands and of this one; the table stands in a checkout or in a release. */
  static JvmFlags of(Path root, String command) {
    Path table = Processes.below(root, "app/flags", ".mvn/flags");
    List<String> flags = new ArrayList<>();
    List<String> environment = new ArrayList<>();
    boolean found = false;
    try {
      for (String line : Files.readAllLines(table)) {
        String[] words = line.strip().split("\\s+");
        boolean own = words[0].equals(command);
        if (own || words[0].equals(ALL)) {
          found |= own;
          for (String word : List.of(words).subList(2, words.length)) {
            (word.startsWith("-") ? flags : environment).add(word);
          }
        }
      }
    } catch (IOException e) {
      throw CommandException.failed("cannot read %s: %s".formatted(table, e.getMessage()));
    }
    if (!found) {
      throw CommandException.failed("%s has no row '%s'".formatted(table, command));
    }
    return new JvmFlags(flags, environment);
  }
}
