package dev.troth.bench.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Joins the laps of a run into one Markdown table: DIR. Each cell is the least of all laps. */
public final class Table {
  private static final List<String> PEERS = List.of("ajv", "networknt", "harrel");

  private Table() {}

  public static void main(String[] args) throws IOException {
    Map<String, Map<String, Long>> rows = new TreeMap<>();
    Path dir = Path.of(args[0]);
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.filter(f -> f.toString().matches(".*lap-\\d+-\\w+\\.tsv")).toList()) {
        read(file, rows);
      }
    }
    System.out.println("| schema | bytes | troth ns | ajv | networknt | harrel |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    Map<String, List<Double>> ratios = new TreeMap<>();
    for (Map.Entry<String, Map<String, Long>> row : rows.entrySet()) {
      Long own = row.getValue().get("troth");
      StringBuilder line = new StringBuilder("| " + row.getKey());
      line.append(" | ").append(bytes(dir.resolve("schemas").resolve(row.getKey())));
      line.append(" | ").append(own);
      for (String peer : PEERS) {
        Long time = row.getValue().get(peer);
        if (time == null || own == null) {
          line.append(" | -");
        } else {
          double ratio = (double) time / own;
          ratios.computeIfAbsent(peer, _ -> new ArrayList<>()).add(ratio);
          line.append(" | %d (%.1f×)".formatted(time, ratio));
        }
      }
      System.out.println(line.append(" |"));
    }
    ratios.forEach(Table::mean);
  }

  private static void read(Path file, Map<String, Map<String, Long>> rows) throws IOException {
    String contender = file.toString().replaceAll(".*lap-\\d+-(\\w+)\\.tsv", "$1");
    for (String line : Files.readAllLines(file)) {
      String[] cells = line.split("\t", -1);
      if (cells.length == 3 && cells[1].matches("\\d+")) {
        rows.computeIfAbsent(cells[0], _ -> new TreeMap<>())
            .merge(contender, Long.parseLong(cells[1]), Math::min);
      } else {
        System.out.println("no figure: " + contender + " " + line);
      }
    }
  }

  private static long bytes(Path folder) throws IOException {
    Path file = folder.resolve("documents.jsonl");
    long count = Files.readAllLines(file).size();
    return Files.size(file) / Math.max(1, count);
  }

  private static void mean(String peer, List<Double> ratios) {
    double logs = ratios.stream().mapToDouble(Math::log).sum();
    System.out.printf(
        "%s / troth: geometric mean %.1f×, range %.1f× to %.1f×, %d schemas%n",
        peer,
        Math.exp(logs / ratios.size()),
        ratios.stream().mapToDouble(r -> r).min().orElse(0),
        ratios.stream().mapToDouble(r -> r).max().orElse(0),
        ratios.size());
  }
}
