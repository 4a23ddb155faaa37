package dev.troth.cli.contract;

import dev.troth.cli.command.ExitCode;
import dev.troth.cli.contract.topic.TopicReader;
import dev.troth.cli.report.FindingFormat;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Validator;
import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.Location;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks messages one after the other and keeps none: the first findings are shown, all are
 * counted.
 */
final class MessageStream implements TopicReader {
  /** A line that is longer is no message, but a file without lines. */
  private static final int LONGEST = 64 << 20;

  private static final long TOLD_NANOS = 500_000_000;

  private final Validator validator;
  private final int shown;
  private final List<Finding> findings = new ArrayList<>();
  private final boolean terminal =
      System.console() != null && System.console().isTerminal() && System.getenv("CI") == null;
  private long messages;
  private long invalid;
  private long left;
  private long empty;
  private Runnable reported = () -> {};
  private long told = System.nanoTime();
  private String first = "";
  private boolean saysAtOnce;

  /**
   * A stream of messages.
   *
   * @param shown how many findings are kept
   */
  MessageStream(Validator validator, int shown) {
    this.validator = validator;
    this.shown = shown;
  }

  /** Checks each line that is not blank. */
  void lines(String file, InputStream from) throws IOException {
    InputStream in = new BufferedInputStream(from, 1 << 16);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int number = 1;
    for (int next = in.read(); ; next = in.read()) {
      if (next == '\n' || next < 0) {
        byte[] message = line.toByteArray();
        line.reset();
        if (!new String(message, StandardCharsets.ISO_8859_1).isBlank()) {
          take(MessageFindings.of(validator, file, number, message), "line %d".formatted(number));
        }
        if (next < 0) {
          return;
        }
        number++;
      } else {
        line.write(next);
        if (line.size() > LONGEST) {
          throw new IOException(
              "line %d is longer than %d bytes, expected messages in lines"
                  .formatted(number, LONGEST));
        }
      }
    }
  }

  /** Checks a row of a table; it is named by its number and what it holds. */
  void row(String table, Json.Obj row) {
    String name = "row %d".formatted(messages + 1);
    String place = table + " " + name;
    List<Finding> found = new ArrayList<>();
    for (Finding one : MessageFindings.of(validator, place, 1, JsonWriter.bytes(row))) {
      found.add(one.at(new Location(place, 0, 0, one.location().pointer())));
    }
    take(found, name);
  }

  /** Checks a message of a topic; it is named by its partition and offset. */
  @Override
  public void message(String place, byte[] message) {
    List<Finding> found = new ArrayList<>();
    for (Finding one : MessageFindings.of(validator, place, 1, message)) {
      found.add(one.at(new Location(place, 0, 0, one.location().pointer())));
    }
    take(found, place);
  }

  /** Counts a message that cannot be looked into. */
  @Override
  public void unreadable(String place, String reason) {
    take(
        List.of(
            new Finding(
                "message", Finding.Severity.ERROR, new Location(place, 0, 0, ""), reason, "")),
        place);
  }

  /** Counts a message without a value, which says that a key is gone. */
  @Override
  public void passOver() {
    empty++;
  }

  /** Runs when the report is written. */
  @Override
  public void whenReported(Runnable work) {
    reported = work;
  }

  /** Says each finding on the error output too, as soon as it is found. */
  @Override
  public void sayingAtOnce() {
    saysAtOnce = true;
  }

  private void take(List<Finding> found, String name) {
    if (saysAtOnce) {
      for (Finding one : found) {
        System.err.printf("%s%s: %s%n", name, one.location().pointer(), one.message());
      }
    }
    messages++;
    if (found.stream().anyMatch(Finding::isError)) {
      invalid++;
      if (first.isEmpty()) {
        first = name;
      }
    }
    for (Finding one : found) {
      if (findings.size() < shown) {
        findings.add(one);
      } else {
        left++;
      }
    }
    if (terminal && System.nanoTime() - told > TOLD_NANOS) {
      told = System.nanoTime();
      System.err.printf(Locale.ROOT, "\r%,d messages, %,d invalid", messages, invalid);
    }
  }

  /** Writes what was found; answers the exit code. */
  int report(List<String> checked, FindingFormat format, PrintWriter out) {
    if (terminal) {
      System.err.print("\r\u001b[K");
    }
    FindingReport report = new FindingReport(checked, findings);
    report.write(format, out);
    if (format == FindingFormat.TEXT) {
      if (left > 0) {
        out.printf(Locale.ROOT, "%,d findings more are not shown (--show)%n", left);
      }
      out.printf(
          Locale.ROOT,
          "%,d messages, %,d invalid%s%n",
          messages,
          invalid,
          invalid == 0
              ? ""
              : String.format(
                  Locale.ROOT, " (%.2f %%), the first in %s", 100.0 * invalid / messages, first));
      if (empty > 0) {
        out.printf(
            Locale.ROOT, "%,d messages without a value (a key is gone) were passed over%n", empty);
      }
      out.flush();
    }
    reported.run();
    return invalid > 0 ? ExitCode.FINDINGS : report.exitCode();
  }
}
