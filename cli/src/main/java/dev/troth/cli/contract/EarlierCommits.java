package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.contract.file.ContractFiles;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.git.GitRepository;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Version;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Earlier versions at a git revision and in its history. A contract is known by its name, wherever
 * its file stood: so one that was moved is compared, and one that was removed is missed.
 */
final class EarlierCommits implements EarlierVersions {
  private static final List<String> CONTRACTS =
      List.of("*.contract.yaml", "*.contract.yml", "*.contract.json");

  private final GitRepository repository;
  private final String revision;
  private final String commit;
  private final GitContracts contracts;
  private final Map<String, String> tree;

  EarlierCommits(
      GitRepository repository, String revision, String commit, ContractReferences references) {
    this.repository = repository;
    this.revision = revision;
    this.commit = commit;
    contracts = new GitContracts(repository, references);
    tree = repository.tree(commit);
  }

  @Override
  public Earlier of(ContractFile next, Path shown, boolean all) {
    String name = next.name().orElse("");
    String path = repository.name(shown);
    if (path.startsWith("..")) {
      throw CommandException.usage(
          "%s is outside of the repository %s, whose revision %s is asked for"
              .formatted(shown, repository.root(), revision));
    }
    List<Finding> findings = new ArrayList<>();
    List<Contract> now = new ArrayList<>();
    for (String there : atRevision(name, path, next.bare())) {
      try {
        contracts.at(commit, there).map(ContractFile::contract).ifPresent(now::add);
      } catch (ContractException wrong) {
        findings.add(unreadable(there, commit, wrong));
      }
    }
    boolean unsaid = next.bare() && !next.versioned();
    if (!all && !unsaid && findings.isEmpty() && isEnough(now, next)) {
      return new Earlier(now, List.of());
    }
    if (repository.isShallow()) {
      findings.add(shallow(all));
    }
    List<Contract> history = history(name, path, next, findings);
    if (history.isEmpty() && now.isEmpty() && !findings.isEmpty() && !repository.isShallow()) {
      throw CommandException.usage(
          "no earlier version of %s can be read: %s".formatted(name, findings.getFirst()));
    }
    // What the revision has is the latest; it stands last, even if branches met in between.
    history.removeIf(past -> now.stream().anyMatch(kept -> same(kept, past)));
    history.addAll(now);
    return new Earlier(unsaid ? counted(history) : history, findings);
  }

  /** Whether the revision itself says with what a version must be compared. */
  private static boolean isEnough(List<Contract> now, ContractFile next) {
    Optional<Version> version =
        JsonPointer.find(next.source().json(), "/version")
            .filter(Json.Str.class::isInstance)
            .flatMap(text -> Version.parse(((Json.Str) text).value()));
    return !now.isEmpty()
        && (version.isEmpty()
            || now.stream().anyMatch(c -> c.version().major() == version.get().major())
            || now.stream().allMatch(c -> c.version().compareTo(version.get()) < 0));
  }

  /** Where the contract stands at the revision; of two alike, the one at the same path counts. */
  private List<String> atRevision(String name, String path, boolean bare) {
    String end = path.substring(path.lastIndexOf('.') + 1);
    List<String> found = new ArrayList<>();
    tree.forEach((file, object) -> {
      boolean candidate = bare ? file.endsWith("." + end) : ContractFiles.isContract(file);
      boolean here = file.equals(path);
      if (here || candidate) {
        Optional<String> known = contracts.name(file, object);
        // A file at the same path that cannot be read may be the contract.
        if (known.map(name::equals).orElse(here)) {
          found.add(file);
        }
      }
    });
    found.sort(Comparator.comparing(file -> file.equals(path)));
    return found;
  }

  private List<Contract> history(
      String name, String path, ContractFile next, List<Finding> findings) {
    List<String> specs = new ArrayList<>(next.bare() ? List.of() : CONTRACTS);
    specs.add(":(literal)" + path);
    Set<String> paths = new LinkedHashSet<>();
    Set<String> touched = new LinkedHashSet<>();
    for (GitRepository.Past past : repository.past(commit, specs)) {
      if (contracts.name(past.path(), past.object()).filter(name::equals).isPresent()) {
        paths.add(past.path());
        touched.add(past.path());
        touched.addAll(referred(past));
      }
    }
    for (String there : atRevision(name, path, next.bare())) {
      paths.add(there);
      touched.add(there);
    }
    if (paths.isEmpty()) {
      return new ArrayList<>();
    }
    List<Contract> versions = new ArrayList<>();
    Set<String> unread = new HashSet<>();
    for (String at : repository.commits(commit, List.copyOf(touched))) {
      for (String there : paths) {
        try {
          Optional<ContractFile> file = contracts.at(at, there);
          if (file.isPresent() && file.get().name().filter(name::equals).isPresent()) {
            Contract contract = file.get().contract();
            // Last seen is latest: a content that came back counts where it came back.
            versions.removeIf(known -> same(known, contract));
            versions.add(contract);
          }
        } catch (ContractException wrong) {
          if (unread.add(there) && findings.isEmpty()) {
            findings.add(unreadable(there, at, wrong));
          }
        }
      }
    }
    return versions;
  }

  private static boolean same(Contract one, Contract other) {
    return one.version().equals(other.version()) && one.bundle().equals(other.bundle());
  }

  /** The files that a contract referred to. */
  private List<String> referred(GitRepository.Past past) {
    try {
      Optional<Contract> contract =
          contracts.at(past.commit(), past.path()).map(ContractFile::contract);
      if (contract.isEmpty()) {
        return List.of();
      }
      String folder = past.path().substring(0, past.path().lastIndexOf('/') + 1);
      return contract.get().documents().keySet().stream()
          .filter(name -> !name.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*"))
          .map(name -> folder + decoded(name))
          .toList();
    } catch (ContractException wrong) {
      return List.of();
    }
  }

  private static String decoded(String name) {
    try {
      String path = URI.create(name).getPath();
      return path == null ? name : path;
    } catch (IllegalArgumentException e) {
      return name;
    }
  }

  /** Versions of a schema that says none: each further content is a minor version. */
  private static List<Contract> counted(List<Contract> contents) {
    List<Contract> versions = new ArrayList<>();
    Map<Integer, Integer> count = new LinkedHashMap<>();
    for (Contract content : contents) {
      int major = content.version().major();
      int minor = count.merge(major, 1, Integer::sum) - 1;
      versions.add(BareVersions.at(content, new Version(major, minor, 0, "")));
    }
    return versions;
  }

  private Finding unreadable(String path, String at, ContractException wrong) {
    return Finding.warning(
        "earlier/unreadable",
        "",
        "%s cannot be read as it was at %s, so it is not compared: %s"
            .formatted(
                path,
                at.equals(commit) ? revision : at.substring(0, 12),
                wrong.findings().getFirst()),
        "compare with an earlier revision that can be read");
  }

  private static Finding shallow(boolean all) {
    String message = "the repository is a shallow clone, so earlier versions may be missing";
    String cure = "fetch the whole history: 'git fetch --unshallow', or fetch-depth: 0 in CI";
    return all
        ? Finding.error("earlier/shallow", "", message, cure)
        : Finding.warning("earlier/shallow", "", message, cure);
  }

  @Override
  public Map<String, Path> missing(List<Path> named, Set<String> known) {
    List<String> below = named.stream().map(repository::name).toList();
    Map<String, Path> missing = new LinkedHashMap<>();
    tree.forEach((file, object) -> {
      boolean asked =
          below.stream()
              .anyMatch(name -> name.isEmpty() || file.equals(name) || file.startsWith(name + "/"));
      if (asked && ContractFiles.isContract(file)) {
        contracts
            .name(file, object)
            .filter(name -> !known.contains(name))
            .ifPresent(name -> missing.put(name, Path.of(file)));
      }
    });
    return missing;
  }

  @Override
  public void close() {
    repository.close();
  }
}
