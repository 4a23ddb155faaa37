package dev.troth.bench.contracts;

import dev.troth.bench.results.Figure;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Joins the laps of a run into one Markdown table: DIR [PEER=VERSION...]. Each cell is the least of
 * all laps. A folder named {@code schemastore} or {@code corpora} has figures for bench/all.
 */
public final class Table {
  private static final List<String> PEERS =
      List.of("ajv", "networknt", "harrel", "blaze", "evaluation");

  private final Path dir;
  private final Map<String, Map<String, Long>> rows = new TreeMap<>();
  private final Map<String, Long> allocated = new TreeMap<>();

  private Table(Path dir) {
    this.dir = dir;
  }

  /** What a schema costs us and a peer, in nanoseconds. */
  private record Pair(long ours, long peer) {
    double gain() {
      return (double) peer / ours;
    }
  }

  public static void main(String[] args) throws IOException {
    Table table = new Table(Path.of(args[0]));
    try (Stream<Path> files = Files.list(table.dir)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*lap-\\d+-\\w+\\.tsv")).sorted().toList()) {
        table.read(file);
      }
    }
    Map<String, String> versions = new TreeMap<>();
    for (String arg : List.of(args).subList(1, args.length)) {
      versions.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
    }
    table.print();
    table.report(versions);
  }

  private void read(Path file) throws IOException {
    String contender = file.toString().replaceAll(".*lap-\\d+-(\\w+)\\.tsv", "$1");
    for (String line : Files.readAllLines(file)) {
      String[] cells = line.split("\t", -1);
      if (cells.length < 3 || !cells[1].matches("\\d+")) {
        System.out.println("no figure: " + contender + " " + line);
        continue;
      }
      rows.computeIfAbsent(cells[0], _ -> new TreeMap<>())
          .merge(contender, Long.parseLong(cells[1]), Math::min);
      String[] valid = cells[2].split("/", -1);
      if (!valid[0].equals(valid[1])) {
        System.out.printf("%s: %s accepts %s documents%n", cells[0], contender, cells[2]);
      }
      if (contender.equals("troth")) {
        allocated.merge(cells[0], Long.parseLong(cells[3]), Math::min);
      }
    }
  }

  private void print() throws IOException {
    TreeSet<String> measured = new TreeSet<>();
    rows.values().forEach(row -> measured.addAll(row.keySet()));
    List<String> peers = PEERS.stream().filter(measured::contains).toList();
    System.out.println("| schema | bytes | troth ns | " + String.join(" | ", peers) + " |");
    System.out.println("| --- | --- | --- |" + " --- |".repeat(peers.size()));
    for (Map.Entry<String, Map<String, Long>> row : rows.entrySet()) {
      StringBuilder line = new StringBuilder("| " + row.getKey());
      line.append(" | ").append(bytes(dir.resolve("schemas").resolve(row.getKey())));
      line.append(" | ").append(row.getValue().get("troth"));
      for (String peer : peers) {
        Pair pair = pairs(peer).get(row.getKey());
        line.append(pair == null ? " | -" : " | %d (%.2f×)".formatted(pair.peer(), pair.gain()));
      }
      System.out.println(line.append(" |"));
    }
    for (String peer : peers) {
      List<Pair> pairs = List.copyOf(pairs(peer).values());
      if (!pairs.isEmpty()) {
        System.out.printf(
            "%s / troth: geometric mean %.2f×, range %.2f× to %.2f×, %d schemas%n",
            peer,
            mean(pairs.stream().map(Pair::gain).toList()),
            pairs.stream().mapToDouble(Pair::gain).min().orElseThrow(),
            pairs.stream().mapToDouble(Pair::gain).max().orElseThrow(),
            pairs.size());
      }
    }
  }

  /** What each schema costs, where both have a figure. */
  private Map<String, Pair> pairs(String peer) {
    Map<String, Pair> pairs = new TreeMap<>();
    rows.forEach((schema, row) -> {
      Long ours = row.get("troth");
      Long theirs = row.get(peer);
      if (ours != null && theirs != null) {
        pairs.put(schema, new Pair(ours, theirs));
      }
    });
    return pairs;
  }

  private void report(Map<String, String> versions) throws IOException {
    switch (String.valueOf(dir.getFileName())) {
      case "schemastore" -> {
        report("contracts.schemastore-ajv", "ajv", versions, false, false);
        report("contracts.schemastore-worst", "ajv", versions, true, false);
        report("contracts.schemastore-networknt", "networknt", versions, false, false);
      }
      case "corpora" -> {
        report("contracts.corpora-blaze", "blaze", versions, false, true);
        report("contracts.corpora-worst", "blaze", versions, true, true);
        report("contracts.corpora-evaluation", "evaluation", versions, false, true);
        if (!allocated.isEmpty()) {
          double most = allocated.values().stream().mapToDouble(bytes -> bytes).max().orElseThrow();
          Figure.of("contracts.corpora-allocated", most, "B").report();
        }
      }
      default -> {}
    }
  }

  /** The means of both, or those of the schema where we do worst; the spread as it is compared. */
  private void report(
      String key, String peer, Map<String, String> versions, boolean worst, boolean oursByPeer)
      throws IOException {
    List<Pair> pairs =
        pairs(peer).values().stream().sorted((a, b) -> Double.compare(a.gain(), b.gain())).toList();
    if (pairs.isEmpty()) {
      return;
    }
    double least = pairs.getFirst().gain();
    double most = pairs.getLast().gain();
    List<Pair> chosen = worst ? pairs.subList(0, 1) : pairs;
    new Figure(
            key,
            BigDecimal.valueOf(mean(chosen.stream().map(pair -> (double) pair.ours()).toList())),
            Optional.of(
                BigDecimal.valueOf(
                    mean(chosen.stream().map(pair -> (double) pair.peer()).toList()))),
            "ns",
            peer + " " + versions.getOrDefault(peer, "of an unknown version"),
            worst
                ? ""
                : String.format(
                    Locale.ROOT,
                    "%.2f× to %.2f×",
                    oursByPeer ? 1 / most : least,
                    oursByPeer ? 1 / least : most))
        .report();
  }

  private static double mean(List<Double> values) {
    return Math.exp(values.stream().mapToDouble(Math::log).average().orElseThrow());
  }

  private static long bytes(Path folder) throws IOException {
    Path file = folder.resolve("documents.jsonl");
    long count = Files.readAllLines(file).size();
    return Files.size(file) / Math.max(1, count);
  }
}
