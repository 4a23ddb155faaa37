package dev.troth.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** What a command answered. */
public record Ran(int exitCode, String out, String err) {
  public static Ran contract(Object... args) {
    return troth("contract", args);
  }

  public static Ran slo(Object... args) {
    return troth("slo", args);
  }

  public static Ran troth(String command, Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[args.length + 1];
    Arrays.setAll(texts, i -> i == 0 ? command : args[i - 1].toString());
    int code =
        Troth.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(texts);
    return new Ran(code, out.toString(), err.toString());
  }
}
