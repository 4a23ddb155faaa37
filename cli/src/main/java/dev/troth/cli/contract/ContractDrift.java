package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.contract.file.ContractReferences;
import dev.troth.cli.report.FindingPlaces;
import dev.troth.cli.report.FindingReport;
import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.Finding;
import dev.troth.contracts.table.Table;
import dev.troth.contracts.table.TableDrift;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares a contract with a live table. */
record ContractDrift(List<Path> files, ContractReferences references, DatabaseOptions database) {
  /**
   * What differs.
   *
   * @param url of the database
   * @param name of the table
   */
  FindingReport report(String url, @Nullable String name) {
    if (files.size() != 1 || name == null || !url.startsWith("jdbc:")) {
      throw CommandException.usage(
          "expected FILE --against jdbc:... --table TABLE: one contract is compared with one"
              + " table");
    }
    Path file = files.getFirst();
    List<String> checked = List.of(file.toString());
    try {
      Contract contract = references.load(file);
      Optional<Table> table = database.table(url, name);
      List<Finding> findings =
          table.map(found -> TableDrift.of(contract, found)).orElseGet(() -> List.of(gone(name)));
      return new FindingReport(checked, new FindingPlaces(file).of(findings));
    } catch (ContractException wrong) {
      return new FindingReport(checked, wrong.findings());
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    }
  }

  private static Finding gone(String name) {
    return Finding.error(
        "drift/table",
        "",
        "table %s: expected the rows of this contract, found no such table".formatted(name),
        "name the table by --table, in PostgreSQL perhaps with its schema");
  }
}
