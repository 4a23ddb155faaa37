package dev.troth.cli.gate;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Reads the command line of {@code gate run} without picocli, whose making of a command from its
 * annotations takes longer than all else that a gate does until it listens. It takes only what is
 * surely right. Everything else is left to picocli: help, what is wrong, and what is rare.
 */
public final class QuickRun {
  private static final int MAX_DIGITS = 9;

  /** Those that may stand there again. */
  private static final Set<String> LISTS =
      Set.of(
          "--jwks-http-host", "--alg", "--issuer", "--audience", "--subject", "--typ", "--require");

  private static final List<String> REHEARSAL = List.of("rehearse", "gate");

  private QuickRun() {}

  /**
   * The command of {@code gate run} with its options, or its rehearsal; nothing if picocli shall
   * read them.
   */
  public static Optional<Callable<Integer>> read(List<String> arguments) {
    if (arguments.equals(REHEARSAL)) {
      return Optional.of(GateRehearsal::run);
    }
    if (arguments.size() < 2
        || !arguments.get(0).equals("gate")
        || !arguments.get(1).equals("run")) {
      return Optional.empty();
    }
    GateRunCommand command = new GateRunCommand();
    return take(command, arguments.subList(2, arguments.size()))
        ? Optional.of(command)
        : Optional.empty();
  }

  private static boolean take(GateRunCommand command, List<String> options) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < options.size(); i++) {
      String option = options.get(i);
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (!seen.add(name) && !LISTS.contains(name)) {
        return false;
      }
      if (equals < 0 && command.take(name)) {
        continue;
      }
      if (equals < 0 && ++i == options.size()) {
        return false;
      }
      String value = equals < 0 ? options.get(i) : option.substring(equals + 1);
      if (!isPlain(value) || !command.take(name, value)) {
        return false;
      }
    }
    return true;
  }

  /** Neither empty, nor an option or a file of arguments, nor with quotes. */
  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.charAt(0) != '-'
        && value.charAt(0) != '@'
        && value.indexOf('"') < 0
        && value.indexOf('\'') < 0;
  }

  /** A number of up to nine digits; an {@link IllegalArgumentException} if it is none. */
  static int number(String text) {
    if (text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(text);
    }
    return Integer.parseInt(text);
  }

  /** What commas separate; an {@link IllegalArgumentException} if a part is empty. */
  static List<String> parts(String text) {
    List<String> parts = List.of(text.split(",", -1));
    if (parts.contains("")) {
      throw new IllegalArgumentException(text);
    }
    return parts;
  }
}
