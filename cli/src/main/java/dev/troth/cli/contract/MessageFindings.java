package dev.troth.cli.contract;

import dev.troth.contracts.Finding;
import dev.troth.contracts.Validator;
import dev.troth.contracts.Verdict;
import dev.troth.contracts.validate.Violation;
import dev.troth.json.Json;
import dev.troth.json.file.Location;
import dev.troth.json.file.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is wrong with a message, and where in its file. */
final class MessageFindings {
  private MessageFindings() {}

  /**
   * Checks one message.
   *
   * @param line where it begins in the file
   */
  static List<Finding> of(Validator validator, String file, int line, byte[] message) {
    Verdict verdict = validator.validate(message);
    if (verdict.violations().isEmpty() && verdict.warnings().isEmpty()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    MessagePlaces places = MessagePlaces.of(file, line, message);
    verdict.violations().forEach(v -> findings.add(finding(v, places, Finding.Severity.ERROR)));
    verdict.warnings().forEach(v -> findings.add(finding(v, places, Finding.Severity.WARNING)));
    return findings;
  }

  private static Finding finding(
      Violation violation, MessagePlaces places, Finding.Severity severity) {
    String where = violation.schema().isEmpty() ? "" : "see " + violation.schema();
    return new Finding(
        violation.keyword(), severity, places.of(violation.pointer()), violation.toString(), where);
  }

  /**
   * Where the values of one message stand.
   *
   * @param firstLine where the message begins in its file
   */
  private record MessagePlaces(SourceFile source, int firstLine, Location whole) {
    static MessagePlaces of(String file, int firstLine, byte[] message) {
      try {
        // Whatever its name, a message is JSON.
        SourceFile json = SourceFile.json(file, message);
        return new MessagePlaces(json, firstLine, Location.file(file));
      } catch (SourceFile.SyntaxException e) {
        Location bad = e.place();
        int line = Math.max(1, bad.line()) + firstLine - 1;
        return new MessagePlaces(
            new SourceFile(file, Json.Null.NULL, Map.of()),
            firstLine,
            new Location(file, line, Math.max(1, bad.column()), ""));
      }
    }

    Location of(String pointer) {
      Location place = source.place(pointer);
      return place.line() == 0
          ? new Location(whole.file(), whole.line(), whole.column(), pointer)
          : new Location(
              place.file(), place.line() + firstLine - 1, place.column(), place.pointer());
    }
  }
}
