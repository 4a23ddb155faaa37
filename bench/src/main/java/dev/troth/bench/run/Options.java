package dev.troth.bench.run;

import java.util.ArrayList;
import java.util.List;

/**
 * What was asked for on the command line.
 *
 * @param names the benches, or none for all
 * @param quick short runs, of which nothing is kept
 * @param keep earlier results stand until they are measured again
 * @param busy runs on a busy machine too, of which nothing is kept
 * @param list only says what there is
 * @param render only writes RESULTS.md anew
 */
record Options(
    List<String> names, boolean quick, boolean keep, boolean busy, boolean list, boolean render) {
  static final String USAGE =
      """
      usage: bench/all [--quick] [--keep] [--busy] [NAME...]
             bench/all --list | --render
        --quick   a short run of each that shows that it works; its figures mean nothing and are not kept
        --keep    results of earlier runs stand, with their date, until they are measured again
        --busy    runs although other work keeps the machine busy; its figures are not kept
        --list    what there is, what each needs and how long it may take
        --render  writes bench/RESULTS.md from bench/results.tsv anew
      exit codes: 0 each bar is reached, 1 a bar is missed, 2 usage, a busy machine or something is lacking, 3 a bench failed
      """;

  Options {
    names = List.copyOf(names);
    if ((list || render) && (quick || keep || busy || !names.isEmpty() || (list && render))) {
      throw new IllegalArgumentException("--list and --render stand alone");
    }
  }

  static Options parse(List<String> arguments) {
    List<String> names = new ArrayList<>();
    List<String> flags = new ArrayList<>();
    for (String one : arguments) {
      (one.startsWith("-") ? flags : names).add(one);
    }
    List<String> unknown =
        flags.stream()
            .filter(
                one -> !List.of("--quick", "--keep", "--busy", "--list", "--render").contains(one))
            .toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown option " + unknown.getFirst());
    }
    return new Options(
        names,
        flags.contains("--quick"),
        flags.contains("--keep"),
        flags.contains("--busy"),
        flags.contains("--list"),
        flags.contains("--render"));
  }

  /** Only a whole run on a quiet machine gives results. */
  boolean isKept() {
    return !quick && !busy;
  }
}
