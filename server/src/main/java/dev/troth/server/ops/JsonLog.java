package dev.troth.server.ops;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Writes each log event as one line of JSON: {@code at}, {@code level}, {@code logger}, {@code
 * message}, and where there is one {@code trace_id} and {@code error}.
 *
 * <p>Everything reaches it: {@link System.Logger}, on which this program logs, and SLF4J both end
 * in java.util.logging.
 */
public final class JsonLog extends Handler {
  /** Lines a second of loggers on which strangers can cause lines. */
  private static final int LINES_OF_OTHERS = 10;

  /** The logger of sign-ins at a provider. */
  private static final String SIGN_INS = "troth.openid";

  private final PrintStream out;
  private final Bounded libraries = new Bounded("libraries");
  private final Bounded signIns = new Bounded("sign-ins");

  /** Held here because java.util.logging itself holds loggers, and so their levels, weakly. */
  private final List<Logger> quiet =
      List.of(
          Logger.getLogger("io.helidon"),
          Logger.getLogger("com.zaxxer.hikari"),
          Logger.getLogger("org.apache.kafka"));

  /**
   * Loggers that share some lines a second.
   *
   * @param counting whether lines have been left out that a line will soon tell of
   */
  private record Bounded(String whose, Flood flood, AtomicBoolean counting) {
    Bounded(String whose) {
      this(whose, new Flood(LINES_OF_OTHERS), new AtomicBoolean());
    }
  }

  private JsonLog(PrintStream out) {
    this.out = out;
    setFormatter(new SimpleFormatter());
  }

  /** Sends all log events of this process to the stream, replacing whatever was set up before. */
  public static void install(PrintStream out, LogLevel least) {
    LogManager.getLogManager().reset();
    JsonLog log = new JsonLog(out);
    Logger root = Logger.getLogger("");
    root.addHandler(log);
    root.setLevel(
        switch (least) {
          case DEBUG -> Level.FINE;
          case INFO -> Level.INFO;
          case WARNING -> Level.WARNING;
          case ERROR -> Level.SEVERE;
        });
    if (least != LogLevel.DEBUG) {
      // What they say at INFO is said by this program's own lines.
      log.quiet.forEach(logger -> logger.setLevel(Level.WARNING));
    }
  }

  @Override
  public void publish(LogRecord event) {
    publish(List.of(event));
  }

  /** Events that come together, with one call for all their lines. */
  void publish(List<LogRecord> events) {
    StringBuilder lines = new StringBuilder(events.size() * 256);
    Clockface at = new Clockface();
    for (LogRecord event : events) {
      append(lines, event, at);
    }
    if (!lines.isEmpty()) {
      byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
      // One call, so that lines of different threads do not mix.
      out.write(text, 0, text.length);
    }
  }

  /** Writes a time once for all events that share it. */
  private static final class Clockface {
    private Instant last = Instant.EPOCH;
    private String text = last.toString();

    String text(Instant at) {
      if (!at.equals(last)) {
        last = at;
        text = at.toString();
      }
      return text;
    }
  }

  private void append(StringBuilder line, LogRecord event, Clockface at) {
    if (!isLoggable(event)) {
      return;
    }
    boolean ours = isOurs(event);
    // What clients do wrong reaches the log through the server's own loggers: a line, no trace.
    Optional<Bounded> bounded =
        !ours
            ? Optional.of(libraries)
            : Optional.of(signIns).filter(_ -> SIGN_INS.equals(event.getLoggerName()));
    if (bounded.isPresent() && !bounded.get().flood().admits(event.getInstant())) {
      if (bounded.get().counting().compareAndSet(false, true)) {
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
            .execute(() -> tellLeftOut(bounded.get()));
      }
      return;
    }
    member(line, "{\"at\":\"", at.text(event.getInstant()));
    member(line, ",\"level\":\"", levelOf(event.getLevel()));
    member(line, ",\"logger\":\"", String.valueOf(event.getLoggerName()));
    member(line, ",\"message\":\"", getFormatter().formatMessage(event));
    Trace.current().ifPresent(id -> member(line, ",\"trace_id\":\"", id));
    Throwable thrown = event.getThrown();
    if (thrown != null && !ours) {
      member(line, ",\"error\":\"", thrown.toString());
    } else if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      member(line, ",\"error\":\"", trace.toString());
    }
    line.append("}\n");
  }

  /** Without a tree of the line: this runs for each notification on the console. */
  private static void member(StringBuilder line, String name, String value) {
    line.append(name);
    if (isPlain(value)) {
      line.append(value);
    } else {
      JsonStringEncoder.getInstance().quoteAsString(value, line);
    }
    line.append('"');
  }

  /** Whether JSON takes a text as it is, as nearly all are. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character < ' ' || character == '"' || character == '\\') {
        return false;
      }
    }
    return true;
  }

  /** Nobody takes a log with gaps for a whole one: a second later a line says how much is gone. */
  private void tellLeftOut(Bounded bounded) {
    bounded.counting().set(false);
    long dropped = bounded.flood().dropped();
    if (dropped > 0) {
      LogRecord told =
          new LogRecord(
              Level.WARNING,
              "%d lines of %s were left out, which wrote more than %d in a second"
                  .formatted(dropped, bounded.whose(), LINES_OF_OTHERS));
      told.setLoggerName("troth.log");
      publish(told);
    }
  }

  private static boolean isOurs(LogRecord event) {
    String logger = String.valueOf(event.getLoggerName());
    return logger.startsWith("troth") || logger.startsWith("dev.troth");
  }

  private static String levelOf(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "error";
    } else if (value >= Level.WARNING.intValue()) {
      return "warning";
    }
    return value >= Level.INFO.intValue() ? "info" : "debug";
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    tellLeftOut(libraries);
    tellLeftOut(signIns);
    out.flush();
  }
}
