package dev.troth.gate.host;

import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/** What the program says to whoever starts it with arguments: it takes none but those for help. */
final class Usage {
  private static final int MAX_BYTES = 4096;

  private Usage() {}

  /** The arguments behind the program's name, each behind a space. */
  static String arguments() {
    byte[] text = commandLine();
    StringBuilder arguments = new StringBuilder();
    boolean first = true;
    for (int i = 0; text != null && i < text.length; i++) {
      if (text[i] == 0) {
        first = false;
        if (i + 1 < text.length) {
          arguments.append(' ');
        }
      } else if (!first) {
        arguments.append((char) (text[i] & 0xFF));
      }
    }
    return arguments.toString();
  }

  static boolean isHelp(String arguments) {
    return arguments.equals(" --help") || arguments.equals(" -h");
  }

  static String words(String arguments) {
    if (!isHelp(arguments)) {
      return "troth-gate: there are arguments,"
          + arguments
          + ", expected none: variables configure"
          + " it, see --help";
    }
    StringBuilder words =
        new StringBuilder(
            "troth-gate: checks JSON Web Tokens over HTTP. It is configured by variables:\n");
    for (String name : Variables.KNOWN) {
      words.append("  ").append(name).append('\n');
    }
    return words
        .append("JWT_SECRET or JWT_SECRET_FILE is a secret, GATE_KEYS a file of public keys,\n")
        .append("GATE_CONFIG what troth gate config prints; one of them is needed.")
        .toString();
  }

  private static byte @Nullable [] commandLine() {
    byte[] path = NativeMain.terminated("/proc/self/cmdline");
    byte[] buffer = new byte[MAX_BYTES];
    int length = Native.readFile(Address.ofData(path), Address.ofData(buffer), buffer.length);
    return length < 0 ? null : Lists.slice(buffer, 0, length);
  }
}
