package dev.troth.contracts.generate;

import dev.troth.contracts.Finding;
import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What generated code checks beyond types, and what it cannot. */
final class SchemaChecks {
  private static final Set<Format> NATIVE =
      EnumSet.of(Format.DATE_TIME, Format.DATE, Format.TIME, Format.UUID, Format.URI);

  private final List<Finding> findings = new ArrayList<>();
  private final Set<Format> formats = EnumSet.noneOf(Format.class);
  private final boolean nativeFormats;

  SchemaChecks(boolean nativeFormats) {
    this.nativeFormats = nativeFormats;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Takes back what was found since. */
  void reset(List<Finding> before) {
    findings.clear();
    findings.addAll(before);
  }

  /** The formats that checks ask for. */
  Set<Format> formats() {
    return formats;
  }

  /** The rules of a schema; none, and a finding, if there is no way to check them. */
  Optional<Rules> rules(Schema schema) {
    Rules rules = Rules.of(schema);
    Optional<String> problem = rules.problem();
    if (problem.isPresent()) {
      refuse(schema, problem.get(), "leave it out, or use 'contract validate' instead");
      return Optional.empty();
    }
    formats.addAll(rules.formats());
    rules.unchecked().forEach(this::warn);
    return Optional.of(rules);
  }

  static String unchecked(Regex regex) {
    return "the pattern '%s' does not mean the same in every language".formatted(regex);
  }

  private void warn(Schema schema, String what) {
    Finding warning =
        Finding.warning(
            "generate/unchecked",
            schema.place().toString(),
            "%s: %s".formatted(shown(schema), what),
            "check such texts yourself, or validate with 'contract validate'");
    if (!findings.contains(warning)) {
      findings.add(warning);
    }
  }

  /** A text with those checks that every language can make. */
  Type text(Schema schema, List<Keyword> checks) {
    List<Keyword> plain = new ArrayList<>();
    boolean rules = false;
    for (Keyword check : checks) {
      switch (check) {
        case Keyword.FormatOf(var format) -> {
          if (Formats.isChecked(format)) {
            plain.add(check);
            formats.add(format);
          }
          Formats.unchecked(format).ifPresent(what -> warn(schema, what));
        }
        case Keyword.Pattern(var regex) -> {
          if (Portable.pattern(regex, Portable.Syntax.GO).isPresent()) {
            plain.add(check);
          } else if (regex.fromEnd().isPresent()) {
            rules = true;
          } else {
            warn(schema, unchecked(regex));
          }
        }
        default -> plain.add(check);
      }
    }
    // A type of a moment says nothing of how it is written; so there is no other check beside.
    if (nativeFormats
        && !rules
        && plain.size() == 1
        && plain.getFirst() instanceof Keyword.FormatOf(var format)
        && NATIVE.contains(format)) {
      return new Type.Stamp(format);
    }
    return new Type.Text(plain, rules ? rules(schema) : Optional.empty());
  }

  private static String shown(Schema schema) {
    return schema.place().pointer().isEmpty() ? "the root" : schema.place().pointer();
  }

  Type refuse(Schema schema, String reason, String cure) {
    findings.add(
        Finding.error(
            "generate/unsupported",
            schema.place().toString(),
            "%s: %s".formatted(shown(schema), reason),
            cure));
    return Type.ANY;
  }
}
