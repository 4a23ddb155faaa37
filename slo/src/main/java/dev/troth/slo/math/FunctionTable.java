package dev.troth.slo.math;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.slo.math.Function.Parameter;
import dev.troth.slo.math.Function.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The documented functions, from {@code functions.txt} beside this class. */
final class FunctionTable {
  static final FunctionTable DOCUMENTED = read();

  private final Map<String, Function> functions = new LinkedHashMap<>();

  private FunctionTable() {}

  Optional<Function> find(String name) {
    return Optional.ofNullable(functions.get(name));
  }

  Set<String> names() {
    return functions.keySet();
  }

  /** Whether some function takes this word as an argument. */
  boolean knowsWord(String word) {
    return functions.values().stream()
        .flatMap(function -> function.signatures().stream())
        .flatMap(signature -> signature.parameters().stream())
        .anyMatch(parameter -> parameter.words().contains(word));
  }

  private static FunctionTable read() {
    FunctionTable table = new FunctionTable();
    try (InputStream in = FunctionTable.class.getResourceAsStream("functions.txt")) {
      if (in == null) {
        throw new IllegalStateException("functions.txt is not on the class path");
      }
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          Function function = function(line);
          table.functions.put(function.name(), function);
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return table;
  }

  private static Function function(String line) {
    String[] columns = line.split("\\|", -1);
    if (columns.length != 3) {
      throw new IllegalStateException("functions.txt: '" + line + "', expected three columns");
    }
    List<Signature> signatures = new ArrayList<>();
    for (String signature : columns[1].split(";")) {
      signatures.add(signature(signature));
    }
    String remark = columns[2].strip();
    return new Function(
        columns[0].strip(),
        signatures,
        !remark.equals("not in alarms"),
        remark.equals("metrics only"));
  }

  private static Signature signature(String text) {
    String[] sides = text.split("->");
    String result = sides[1].strip();
    boolean differs = result.endsWith("!");
    List<Parameter> parameters = new ArrayList<>();
    int needed = 0;
    boolean repeats = false;
    for (String part : sides[0].strip().split("\\s*,\\s*")) {
      if (!part.isEmpty()) {
        boolean optional = part.endsWith("?") || part.endsWith("*");
        repeats |= part.endsWith("*");
        needed += optional ? 0 : 1;
        parameters.add(parameter(optional ? part.substring(0, part.length() - 1) : part));
      }
    }
    return new Signature(
        parameters,
        needed,
        repeats,
        type(differs ? result.substring(0, result.length() - 1).strip() : result).orElseThrow(),
        !differs);
  }

  private static Parameter parameter(String text) {
    List<Type> types = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (String word : text.split("/")) {
      type(word).ifPresentOrElse(types::add, () -> words.add(word));
    }
    return new Parameter(types, words);
  }

  private static Optional<Type> type(String symbol) {
    for (Type type : Type.values()) {
      if (type.symbol().equals(symbol) || (type == Type.UNKNOWN && symbol.equals("any"))) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
