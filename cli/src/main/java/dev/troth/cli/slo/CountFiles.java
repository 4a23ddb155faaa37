package dev.troth.cli.slo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.HistoryReader;
import dev.troth.slo.backtest.LogCounts;
import dev.troth.slo.backtest.MetricHistory;
import dev.troth.slo.series.OpenMetricsReader;
import dev.troth.slo.series.SeriesStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Histories that a backtest reads; names that end in {@code .gz} are unpacked. */
final class CountFiles {
  private CountFiles() {}

  /** Lines of {@code TIME,TOTAL,BAD}. */
  static List<Minute> minutes(Path path) {
    return rows(
        path,
        "TIME,TOTAL,BAD",
        3,
        3,
        fields ->
            new Minute(
                Instant.parse(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])));
  }

  /** Lines of {@code FROM,TO} or {@code FROM,TO,NAME}. */
  static List<Incident> incidents(Path path) {
    return rows(
        path,
        "FROM,TO",
        2,
        3,
        fields ->
            new Incident(
                fields.length > 2 ? fields[2] : "",
                Instant.parse(fields[0]),
                Instant.parse(fields[1])));
  }

  /** Minutes of metrics. */
  static MetricHistory metrics(Path path) {
    return read(
        path,
        lines -> {
          try {
            return HistoryReader.read(lines);
          } catch (HistoryReader.WrongLineException wrong) {
            throw CommandException.usage(
                "%s:%d: %s".formatted(path, wrong.line(), wrong.getMessage()));
          } catch (IllegalArgumentException wrong) {
            throw CommandException.usage(path + ": " + wrong.getMessage());
          }
        });
  }

  /** Samples as OpenMetrics text with times. */
  static SeriesStore samples(Path path) {
    return read(
        path,
        lines -> {
          try {
            return OpenMetricsReader.read(lines);
          } catch (OpenMetricsReader.WrongLineException wrong) {
            throw CommandException.usage(
                "%s:%d: %s".formatted(path, wrong.line(), wrong.getMessage()));
          }
        });
  }

  /** Requests of a log of JSON lines. */
  static List<Minute> log(Path path, LogCounts counts) {
    return read(
        path,
        lines -> {
          int number = 0;
          for (String line : (Iterable<String>) lines::iterator) {
            number++;
            if (!line.isBlank()) {
              try {
                counts.take(line);
              } catch (IllegalArgumentException wrong) {
                throw CommandException.usage(
                    "%s:%d: %s".formatted(path, number, wrong.getMessage()));
              }
            }
          }
          return counts.minutes();
        });
  }

  /** Whether a file has samples: its first line with content begins with a metric's name. */
  static boolean isSamples(Path path) {
    return read(
        path,
        lines ->
            lines
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .findFirst()
                .filter(line -> line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*[ {].*"))
                .isPresent());
  }

  private static <T> T read(Path path, Function<Stream<String>, T> reader) {
    try (var raw = Files.newInputStream(path);
        var in = path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      return reader.apply(Lines.of(lines));
    } catch (Lines.TooLongException wrong) {
      throw CommandException.usage(path + ": " + wrong.getMessage());
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(path, e));
    } catch (UncheckedIOException e) {
      throw CommandException.usage(InputFile.unreadable(path, requireNonNull(e.getCause())));
    }
  }

  /** Empty lines and remarks, which begin with #, are left out. */
  private static <T> List<T> rows(
      Path path, String form, int least, int most, Function<String[], T> row) {
    return read(
        path,
        lines -> {
          List<T> values = new ArrayList<>();
          int number = 0;
          for (String each : (Iterable<String>) lines::iterator) {
            String line = each.strip();
            number++;
            if (!line.isEmpty() && !line.startsWith("#")) {
              String[] fields = line.split("\\s*,\\s*", -1);
              try {
                if (fields.length < least || fields.length > most) {
                  throw new NumberFormatException();
                }
                values.add(row.apply(fields));
              } catch (NumberFormatException | DateTimeParseException wrong) {
                throw CommandException.usage(
                    "%s:%d: '%s', expected %s".formatted(path, number, line, form));
              } catch (IllegalArgumentException wrong) {
                throw CommandException.usage(
                    "%s:%d: '%s', expected %s: %s"
                        .formatted(path, number, line, form, wrong.getMessage()));
              }
            }
          }
          return values;
        });
  }
}
