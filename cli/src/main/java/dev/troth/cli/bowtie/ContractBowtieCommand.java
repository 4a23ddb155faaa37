package dev.troth.cli.bowtie;

import static dev.troth.cli.report.FindingReport.object;
import static dev.troth.cli.report.FindingReport.text;
import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.contracts.pattern.CostException;
import dev.troth.contracts.schema.Documents;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaException;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code troth contract bowtie}: a harness of Bowtie, the meta-validator of JSON Schema. It reads
 * one command a line ({@code start}, {@code dialect}, {@code run}, {@code stop}) and answers each
 * with a line.
 */
@Command(
    name = "bowtie",
    description = "Speaks Bowtie's harness protocol on standard input and output.",
    mixinStandardHelpOptions = true)
public final class ContractBowtieCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  private Draft draft = Draft.DRAFT_2020_12;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = in.readLine()) != null) {
      if (line.isBlank()) {
        continue;
      }
      Json.Obj command = (Json.Obj) JsonReader.read(line);
      String name = command.text("cmd").orElse("");
      switch (name) {
        case "start" -> out.println(JsonWriter.compact(start()));
        case "dialect" -> out.println(JsonWriter.compact(dialect(command)));
        case "run" -> out.println(JsonWriter.compact(run(command)));
        case "stop" -> {
          return ExitCode.OK;
        }
        default -> throw CommandException.usage("unknown command '" + name + "' of Bowtie");
      }
      out.flush();
    }
    return ExitCode.OK;
  }

  private static Json start() {
    List<Json> dialects =
        Arrays.stream(Draft.values()).map(draft -> text(dialectUri(draft))).toList();
    return object(
        "version",
        Json.Num.of(1),
        "implementation",
        object(
            "language", text("java"),
            "name", text("troth"),
            "homepage", text("https://troth.dev/"),
            "issues", text("https://troth.dev/issues"),
            "source", text("https://troth.dev/source"),
            "dialects", new Json.Arr(dialects)));
  }

  /** Bowtie writes the older drafts with an empty fragment. */
  private static String dialectUri(Draft draft) {
    return draft.atLeast(Draft.DRAFT_2019_09) ? draft.uri() : draft.uri() + "#";
  }

  private Json dialect(Json.Obj command) {
    return command
        .text("dialect")
        .flatMap(Draft::ofUri)
        .map(known -> {
          draft = known;
          return object("ok", Json.Bool.TRUE);
        })
        .orElse(object("ok", Json.Bool.FALSE));
  }

  private Json run(Json.Obj command) {
    Json seq = command.get("seq").orElse(Json.Null.NULL);
    Json.Obj test = (Json.Obj) command.get("case").orElseThrow();
    try {
      Documents registry =
          test.get("registry").orElse(null) instanceof Json.Obj documents
              ? Documents.of(documents.members())
              : Documents.NONE;
      Schema schema =
          new SchemaLoader(new SchemaLoader.Options(draft, false, registry))
              .load(test.get("schema").orElseThrow(), "troth:/schema");
      Interpreter interpreter = new Interpreter(schema);
      List<Json> results = new ArrayList<>();
      for (Json one : ((Json.Arr) test.get("tests").orElseThrow()).items()) {
        Json instance = ((Json.Obj) one).get("instance").orElseThrow();
        results.add(object("valid", Json.Bool.of(interpreter.isValid(instance))));
      }
      return object("seq", seq, "results", new Json.Arr(results));
    } catch (SchemaException | CostException e) {
      return object(
          "seq",
          seq,
          "errored",
          Json.Bool.TRUE,
          "context",
          object("message", text(String.valueOf(e.getMessage()))));
    }
  }
}
