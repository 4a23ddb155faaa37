package dev.troth.bench.run;

import dev.troth.bench.results.Figure;
import dev.troth.bench.results.Measure;
import dev.troth.bench.results.Result;
import dev.troth.bench.results.Results;
import dev.troth.bench.results.ResultsPage;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Runs the benches in turn, each on a quiet machine and within its time, and writes what they
 * measured: {@code bench/all --keep watch rows}.
 */
public final class All {
  private static final Duration QUICK_LIMIT = Duration.ofMinutes(2);
  private static final Duration PREPARE_LIMIT = Duration.ofMinutes(20);
  private static final Duration SETTLE_LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofSeconds(3);

  /** The share of the processors that others may use before a run, in per cent. */
  private static final double BUSY = 15;

  private final Path root;
  private final Clock clock;
  private final PrintStream out;
  private final Busy others;
  private final List<Result> measured = new ArrayList<>();
  private int status;

  /** How much of the processors others use, in per cent. */
  interface Busy {
    double percent() throws IOException, InterruptedException;
  }

  All(Path root, Clock clock, PrintStream out, Busy others) {
    this.root = root;
    this.clock = clock;
    this.out = out;
    this.others = others;
  }

  /** Arguments: the root of the checkout, then those of {@code bench/all}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> given = List.of(arguments);
    All all =
        new All(Path.of(given.getFirst()), Clock.systemUTC(), System.out, () -> Machine.busy(LOOK));
    try {
      System.exit(all.run(given.subList(1, given.size())));
    } catch (IllegalArgumentException e) {
      System.err.println("bench/all: " + e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("bench/all: " + e);
      System.exit(3);
    }
  }

  int run(List<String> arguments) throws IOException, InterruptedException {
    if (arguments.contains("--help")) {
      out.print(Options.USAGE);
      return 0;
    }
    Options options = Options.parse(arguments);
    Path bench = root.resolve("bench");
    List<Bench> all = Bench.all(bench.resolve("benches.tsv"));
    Results results = Results.read(bench);
    if (options.list()) {
      list(all, results);
      return 0;
    }
    if (options.render()) {
      results.write(bench);
      return 0;
    }
    List<Bench> chosen = chosen(all, options.names());
    if (!options.busy()) {
      double busy = others.percent();
      if (busy > BUSY) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "other work uses %.0f %% of this machine, expected at most %.0f %%: stop it, or see what comes with --busy",
                busy,
                BUSY));
      }
    }
    for (int i = 0; i < chosen.size(); i++) {
      one(chosen.get(i), "[%d/%d] ".formatted(i + 1, chosen.size()), options, results);
      if (options.isKept() && !measured.isEmpty()) {
        // An hour of figures outlives whoever interrupts the rest.
        results.with(measured, true).write(bench);
      }
    }
    Results now = results.with(measured, options.keep());
    out.println();
    out.print(ResultsPage.table(results.with(measured, false)));
    if (!options.isKept()) {
      out.println("\nNot kept: figures of a short run or a busy machine are no results.");
    } else if (!measured.isEmpty()) {
      now.write(bench);
      out.println("\nWritten: bench/results.tsv and bench/RESULTS.md");
    }
    boolean missed =
        options.isKept()
            && measured.stream()
                .map(result -> now.measure(result.figure().key()))
                .anyMatch(measure -> now.state(measure) == Results.State.MISSED);
    return status > 0 ? status : missed ? 1 : 0;
  }

  private static List<Bench> chosen(List<Bench> all, List<String> names) {
    for (String name : names) {
      if (all.stream().noneMatch(bench -> bench.name().equals(name))) {
        throw new IllegalArgumentException(
            "unknown bench '%s', expected one of %s"
                .formatted(name, String.join(", ", all.stream().map(Bench::name).toList())));
      }
    }
    return names.isEmpty()
        ? all
        : all.stream().filter(bench -> names.contains(bench.name())).toList();
  }

  private void list(List<Bench> all, Results results) {
    for (Bench bench : all) {
      long measures =
          results.measures().stream()
              .filter(measure -> measure.bench().equals(bench.name()))
              .count();
      out.printf(
          "%-10s %s%n           %d measures, at most %d min; needs %s%n",
          bench.name(),
          bench.what(),
          measures,
          bench.limit().toMinutes(),
          String.join(", ", bench.needs()));
    }
  }

  private void one(Bench bench, String place, Options options, Results results)
      throws IOException, InterruptedException {
    List<String> lacking = bench.lacking(System.getenv().getOrDefault("PATH", ""));
    if (!lacking.isEmpty()) {
      refuse(
          2,
          "%s%s is not run: it needs %s"
              .formatted(place, bench.name(), String.join(", ", lacking)));
      return;
    }
    Path folder = Files.createTempDirectory("troth-bench-all-");
    Path figures = folder.resolve("figures.tsv");
    Marked marked = new Marked();
    Thread onSignal =
        new Thread(() -> {
          marked.end(LOOK);
          remove(folder);
        });
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      Path log = Files.createDirectories(root.resolve("bench/target/all")).resolve(bench.name());
      Map<String, String> environment =
          Map.of("BENCH_FIGURES", figures.toString(), "TMPDIR", folder.toString());
      out.println(place + bench.name() + ": preparing");
      if (step(
          marked,
          bench.prepare(),
          environment,
          PREPARE_LIMIT,
          log.resolveSibling(bench.name() + "-prepare.log"))) {
        String load = options.busy() ? load() : quiet(bench);
        String command = options.quick() ? bench.quick() : bench.command();
        Duration limit = options.quick() ? QUICK_LIMIT : bench.limit();
        out.printf("%s%s: at most %d min%n", place, bench.name(), limit.toMinutes());
        LocalDate day = LocalDate.now(clock);
        Result.Run run = new Result.Run(day, load, Machine.described(folder), command);
        if (step(marked, command, environment, limit, log.resolveSibling(bench.name() + ".log"))) {
          collect(bench, figures, run, results);
        }
      }
    } catch (BusyException e) {
      refuse(2, bench.name() + " is not run: " + e.getMessage());
    } finally {
      leave(onSignal);
      remove(folder);
    }
  }

  /** Runs a command; what it prints is shown and kept in a file. */
  private boolean step(
      Marked marked, String command, Map<String, String> environment, Duration limit, Path log)
      throws IOException, InterruptedException {
    Marked.Outcome outcome;
    try (PrintStream file = new PrintStream(Files.newOutputStream(log))) {
      outcome =
          marked.run(
              command,
              root,
              environment,
              limit,
              line -> {
                out.println("  | " + line);
                file.println(line);
              });
    }
    switch (outcome) {
      case DONE -> {}
      case FAILED -> refuse(3, "%s failed, see %s".formatted(command, log));
      case TIME_OVER ->
          refuse(
              3,
              "%s took longer than %d s and was stopped, see %s"
                  .formatted(command, limit.toSeconds(), log));
    }
    return outcome == Marked.Outcome.DONE;
  }

  private void collect(Bench bench, Path figures, Result.Run run, Results results)
      throws IOException {
    List<String> lines = Files.exists(figures) ? Files.readAllLines(figures) : List.of();
    List<Result> found = new ArrayList<>();
    try {
      for (Figure figure : Figure.parse(bench.name() + "'s figures", lines)) {
        Measure measure = results.measure(figure.key());
        if (!measure.bench().equals(bench.name())) {
          throw new IllegalArgumentException(figure.key() + " is not its own");
        }
        found.add(Result.of(measure, figure, run));
      }
      results.with(found, false);
    } catch (IllegalArgumentException e) {
      refuse(3, bench.name() + ": " + e.getMessage());
      return;
    }
    measured.addAll(found);
    List<String> absent =
        results.measures().stream()
            .filter(measure -> measure.bench().equals(bench.name()))
            .map(Measure::key)
            .filter(key -> found.stream().noneMatch(one -> one.figure().key().equals(key)))
            .toList();
    out.printf("%s: %d figures%n", bench.name(), found.size());
    if (!absent.isEmpty()) {
      out.println("no figure of " + String.join(", ", absent));
    }
  }

  private void refuse(int code, String message) {
    out.println(message);
    status = Math.max(status, code);
  }

  /** Waits until nobody else works here, and says what the load was. */
  private String quiet(Bench bench) throws IOException, InterruptedException, BusyException {
    long end = System.nanoTime() + SETTLE_LIMIT.toNanos();
    double busy = others.percent();
    while (busy > BUSY) {
      if (System.nanoTime() > end) {
        throw new BusyException(
            String.format(Locale.ROOT, "other work uses %.0f %% of this machine", busy));
      }
      out.printf(Locale.ROOT, "%s waits: other work uses %.0f %%%n", bench.name(), busy);
      busy = others.percent();
    }
    return String.format(Locale.ROOT, "%.0f %% in use", busy);
  }

  private String load() throws IOException, InterruptedException {
    return String.format(Locale.ROOT, "%.0f %% in use", others.percent());
  }

  /** The machine does not become quiet. */
  private static final class BusyException extends Exception {
    private static final long serialVersionUID = 1;

    BusyException(String message) {
      super(message);
    }
  }

  /**
   * Takes the hook away; if the program is being ended, the hook cleans up and nothing more begins.
   */
  private static void leave(Thread hook) throws InterruptedException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      new CountDownLatch(1).await();
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("bench/all: " + folder + " is left: " + e.getMessage());
    }
  }
}
