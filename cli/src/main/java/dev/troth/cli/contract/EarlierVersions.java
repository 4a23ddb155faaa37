package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.git.GitRepository;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the earlier versions of contracts are: a file, a folder, or a git revision. */
sealed interface EarlierVersions extends AutoCloseable
    permits EarlierFiles, EarlierCommits, EarlierRegistry {
  /**
   * The earlier versions of one contract.
   *
   * @param contracts oldest first; none if it did not exist
   * @param findings what of them could not be read
   */
  record Earlier(List<Contract> contracts, List<Finding> findings) {
    public Earlier {
      contracts = List.copyOf(contracts);
      findings = List.copyOf(findings);
    }
  }

  /**
   * The earlier versions of one contract, whatever its file was called.
   *
   * @param next the contract as it is now
   * @param shown where its file is
   * @param all whether every earlier version is asked for, or the latest alone
   */
  Earlier of(ContractFile next, Path shown, boolean all) throws IOException;

  /**
   * Contracts that were there, by their names and where they were.
   *
   * @param named files and folders in which they are looked for
   * @param known names that are not looked for
   */
  Map<String, Path> missing(List<Path> named, Set<String> known) throws IOException;

  @Override
  void close();

  /** Whether it names files rather than a git revision. */
  static boolean isFile(String what) {
    return Files.exists(Path.of(what));
  }

  /** What a command line names; git is looked for around a folder. */
  static EarlierVersions of(String what, ContractReferences references, Path near) {
    if (isFile(what)) {
      return new EarlierFiles(Path.of(what), references);
    }
    GitRepository repository = GitRepository.around(near);
    String commit =
        repository
            .commit(what)
            .orElseThrow(() -> {
              repository.close();
              return CommandException.usage(
                  "the earlier version is '%s', expected a file, a folder or a git revision of %s"
                      .formatted(what, near));
            });
    return new EarlierCommits(repository, what, commit, references);
  }

  /** The contract in an earlier file, which must be readable: a broken one proves nothing. */
  static Contract usable(ContractFile file) {
    try {
      return file.contract();
    } catch (ContractException wrong) {
      throw unreadable(wrong);
    }
  }

  static CommandException unreadable(ContractException wrong) {
    return CommandException.usage(
        "the earlier version cannot be read: " + wrong.findings().getFirst());
  }
}
