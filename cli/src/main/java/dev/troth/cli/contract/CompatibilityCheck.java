package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.contract.CheckedContracts.Checked;
import dev.troth.cli.contract.EarlierVersions.Earlier;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.contract.registry.PublishedContracts;
import dev.troth.cli.git.GitRepository;
import dev.troth.cli.report.FindingPlaces;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Finding;
import dev.troth.contracts.compatibility.Comparison;
import dev.troth.contracts.compatibility.ContractJudge;
import dev.troth.contracts.compatibility.Direction;
import dev.troth.contracts.compatibility.Judgement;
import dev.troth.contracts.compatibility.Layer;
import dev.troth.contracts.compatibility.Mode;
import dev.troth.contracts.policy.Policy;
import dev.troth.contracts.proof.Answer;
import dev.troth.json.Json;
import dev.troth.json.file.Location;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares contracts with their earlier versions, and misses those that are gone. */
final class CompatibilityCheck {
  static final String LAST_COMMIT = "HEAD";

  private final Mode mode;
  private final Layer layer;
  private final Policy policy;
  private final Sources sources;
  private final ContractReferences references;
  private final Optional<PublishedContracts> registry;
  private final Optional<EmittedTests> tests;
  private final boolean explained;
  private final LocalDate today = LocalDate.now(ZoneId.systemDefault());
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, List<Finding>> found = new HashMap<>();
  private final List<String> checked = new ArrayList<>();

  /**
   * Where contracts are read.
   *
   * @param registry of the earlier versions, if they are asked of one
   * @param consumer whose version of it alone is asked for
   */
  record Sources(
      ContractReferences references,
      Optional<PublishedContracts> registry,
      Optional<String> consumer) {}

  /**
   * A check that runs once.
   *
   * @param tests written for what breaks, if any
   * @param explained whether each answer is printed
   */
  CompatibilityCheck(
      Mode mode,
      Layer layer,
      Policy policy,
      Sources sources,
      Optional<EmittedTests> tests,
      boolean explained) {
    this.mode = mode;
    this.layer = layer;
    this.policy = policy;
    this.sources = sources;
    this.references = sources.references();
    this.registry = sources.registry();
    this.tests = tests;
    this.explained = explained;
  }

  /**
   * What was found.
   *
   * @param staged whether the index is judged instead of the work tree
   * @param against what the earlier versions are
   */
  FindingReport report(List<Path> named, boolean staged, String against, PrintWriter out)
      throws IOException {
    try (CheckedContracts next =
            staged
                ? CheckedContracts.staged(named, references)
                : CheckedContracts.files(named, references);
        @Nullable EarlierVersions earlier = earlier(against, staged, named)) {
      Set<String> names = new HashSet<>();
      Set<Path> unread = new HashSet<>();
      for (Checked one : next.all()) {
        check(one, earlier, staged, names, unread, out);
      }
      if (earlier != null) {
        gone(next, earlier, staged, names, unread, out);
      }
    }
    if (checked.isEmpty() && !staged) {
      throw CommandException.usage(
          "no *.contract.yaml, *.contract.yml or *.contract.json in " + named);
    }
    findings.addAll(policy.stale(found, this::asked, today));
    return new FindingReport(checked, findings);
  }

  /** None before the first commit, where nothing can break. */
  private @Nullable EarlierVersions earlier(String against, boolean staged, List<Path> named) {
    if (registry.isPresent()) {
      return new EarlierRegistry(registry.get(), sources.consumer());
    }
    Path near = staged ? Path.of("") : near(named);
    if (staged && against.equals(LAST_COMMIT) && !EarlierVersions.isFile(against)) {
      try (GitRepository repository = GitRepository.around(near)) {
        if (repository.commit(against).isEmpty()) {
          return null;
        }
      }
    }
    return EarlierVersions.of(against, references, near);
  }

  private static Path near(List<Path> named) {
    Path first = named.getFirst();
    Path folder = Files.isDirectory(first) ? first : first.toAbsolutePath().getParent();
    return folder != null && Files.isDirectory(folder) ? folder : Path.of("");
  }

  private void check(
      Checked one,
      @Nullable EarlierVersions earlier,
      boolean onlyChanged,
      Set<String> names,
      Set<Path> unread,
      PrintWriter out) {
    try {
      ContractFile file = one.source().read();
      file.name().ifPresent(names::add);
      file.contract();
      Earlier before =
          earlier == null
              ? new Earlier(List.of(), List.of())
              : earlier.of(file, one.shown(), mode.transitive());
      Contract next = BareVersions.following(file, before.contracts(), references.asked());
      boolean unchanged =
          before.contracts().stream()
              .anyMatch(known ->
                  known.version().equals(next.version()) && known.bundle().equals(next.bundle()));
      if (onlyChanged && unchanged) {
        return;
      }
      checked.add(one.shown().toString());
      ContractJudge.Result result = new ContractJudge(mode, layer).judge(next, before.contracts());
      List<Finding> all = new ArrayList<>(before.findings());
      all.addAll(result.findings());
      if (explained) {
        new Explanation(next, result, finding -> !policy(next, finding).isError()).print(out);
      }
      if (explained && !result.passes()) {
        readers(next, out);
      }
      tests.ifPresent(emitted -> emit(emitted, next, before.contracts(), result.judgement(), out));
      found.computeIfAbsent(next.name(), _ -> new ArrayList<>()).addAll(all);
      findings.addAll(
          policy.applied(
              next.name(),
              new FindingPlaces(one.shown(), file, before.contracts()).of(all),
              today));
    } catch (ContractException wrong) {
      unread.add(one.shown());
      checked.add(one.shown().toString());
      findings.addAll(wrong.findings());
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(one.shown(), e));
    }
  }

  private void emit(
      EmittedTests emitted,
      Contract next,
      List<Contract> earlier,
      Judgement judgement,
      PrintWriter out) {
    PrintWriter console = explained ? out : new PrintWriter(Writer.nullWriter());
    for (Comparison comparison : judgement.comparisons()) {
      if (comparison.answer() instanceof Answer.Refuted(Json document)) {
        earlier.stream()
            .filter(one -> one.version().toString().equals(comparison.against()))
            .findFirst()
            .ifPresent(one ->
                emitted.emit(
                    new EmittedTests.Break(next, one, comparison.direction(), document), console));
      }
    }
  }

  /** Whoever said in the registry that they read it is named. */
  private void readers(Contract next, PrintWriter out) {
    List<String> consumers = new ArrayList<>();
    registry.ifPresent(there ->
        there
            .consumers(PublishedContracts.subject(next.name()))
            .forEach((name, version) -> consumers.add("%s (version %d)".formatted(name, version))));
    if (!consumers.isEmpty()) {
      out.printf("  it is read by %s%n", String.join(", ", consumers));
    }
  }

  /** A contract that was named before and is not now has moved elsewhere, or is gone. */
  private void gone(
      CheckedContracts next,
      EarlierVersions earlier,
      boolean staged,
      Set<String> names,
      Set<Path> unread,
      PrintWriter out)
      throws IOException {
    Map<String, Path> missing = earlier.missing(next.named(), names);
    if (missing.isEmpty()) {
      return;
    }
    Map<String, Checked> elsewhere =
        earlier instanceof EarlierCommits
            ? new LinkedHashMap<>(next.elsewhere(near(next.named())))
            : Map.of();
    for (Map.Entry<String, Path> one : missing.entrySet()) {
      Checked moved = elsewhere.get(one.getKey());
      boolean broken =
          unread.stream().anyMatch(file -> file.toAbsolutePath().endsWith(one.getValue()));
      if (moved != null) {
        check(moved, earlier, staged, names, unread, out);
      } else if (!broken) {
        Finding removed =
            Finding.error(
                "identity/removed",
                Location.file(one.getValue().toString()),
                "the contract %s was here and is gone".formatted(one.getKey()),
                "keep it while anybody reads its messages, or waive this finding with a reason");
        checked.add(one.getValue().toString());
        found.computeIfAbsent(one.getKey(), _ -> new ArrayList<>()).add(removed);
        findings.addAll(policy.applied(one.getKey(), List.of(removed), today));
        if (explained) {
          out.printf("%s: gone%n", one.getKey());
        }
      }
    }
  }

  private Finding policy(Contract next, Finding finding) {
    return policy.applied(next.name(), List.of(finding), today).getFirst();
  }

  /** Whether a check looks for findings of a rule; those of lint have no slash. */
  private boolean asked(String rule) {
    return rule.contains("/")
        && Arrays.stream(Direction.values())
            .filter(direction -> rule.startsWith(direction + "/"))
            .allMatch(mode.directions()::contains);
  }
}
