package dev.troth.orders.process;

import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The log: one line an entry on standard error, the process named in each. */
final class Log {
  private Log() {}

  static void to(String process) {
    System.setProperty(
        "java.util.logging.SimpleFormatter.format",
        "%1$tFT%1$tT.%1$tL%1$tz %4$-7s " + process + " %3$s: %5$s%6$s%n");
    LogManager.getLogManager().reset();
    Handler toStandardError = new ConsoleHandler();
    toStandardError.setFormatter(new SimpleFormatter());
    toStandardError.setFilter(Log::inOneLine);
    Logger.getLogger("").addHandler(toStandardError);
  }

  /** A collector that is away is told by the exporter's message; where it noticed is of no use. */
  private static boolean inOneLine(LogRecord entry) {
    if (String.valueOf(entry.getLoggerName()).startsWith("io.opentelemetry.")) {
      entry.setThrown(null);
    }
    return true;
  }
}
