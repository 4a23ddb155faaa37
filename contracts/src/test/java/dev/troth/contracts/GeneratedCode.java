package dev.troth.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Language;
import dev.troth.contracts.generate.SourceText;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Generated code of several contracts in one folder: compiled once, run on all their documents. */
final class GeneratedCode {
  private final Path folder;

  GeneratedCode(Path folder) {
    this.folder = folder;
  }

  /**
   * A contract and what to feed its generated types.
   *
   * @param union whether a message is one of several objects
   */
  record Trial(Contract contract, boolean union, List<String> documents) {
    String packageName() {
      return contract.name().replace('-', '_');
    }

    String root() {
      StringBuilder name = new StringBuilder();
      for (String word : contract.name().split("[_-]", -1)) {
        name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
      return name.toString();
    }

    /** The document if it is valid. */
    Optional<Json> valid(String document) {
      try {
        Json json = JsonReader.read(document);
        boolean valid = new Interpreter(contract.schema().orElseThrow()).isValid(json);
        return valid ? Optional.of(json) : Optional.empty();
      } catch (JsonException e) {
        return Optional.empty();
      }
    }
  }

  private void write(Language language, List<Trial> trials) throws IOException {
    for (Trial trial : trials) {
      // Texts are kept as they were written, so that every document can be compared exactly.
      Generator.Result result =
          Generator.generate(
              trial.contract(),
              language,
              new Generator.Options(trial.packageName(), Generator.Formatted.TEXT, false, false));
      assertThat(result.findings()).as(trial.contract().name()).noneMatch(Finding::isError);
      for (SourceText source : result.files()) {
        Path target = folder.resolve(source.path());
        Files.createDirectories(target.getParent());
        Files.writeString(target, source.text());
      }
    }
  }

  /** Compares an answer, the document written again or empty if it was refused. */
  private static void judge(Trial one, String document, Optional<String> answer) {
    Optional<Json> written = answer.map(JsonReader::read);
    assertThat(written)
        .as("%s: %s", one.contract().name(), document)
        .isEqualTo(one.valid(document));
  }

  /** Compiles Java with all warnings on, none allowed. */
  void throughJava(List<Trial> cases) throws Exception {
    write(Language.JAVA, cases);
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, UTF_8);
        Stream<Path> sources = Files.walk(folder)) {
      StringWriter messages = new StringWriter();
      List<String> options =
          List.of(
              "-Xlint:all", "-Werror", "-proc:none", "-d", folder.resolve("classes").toString());
      var units =
          manager.getJavaFileObjectsFromPaths(
              sources.filter(path -> path.toString().endsWith(".java")).toList());
      boolean compiled = compiler.getTask(messages, manager, null, options, null, units).call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
    URL classes = folder.resolve("classes").toUri().toURL();
    try (var loader = new URLClassLoader(new URL[] {classes})) {
      for (Trial one : cases) {
        Class<?> type = loader.loadClass(one.packageName() + "." + one.root());
        Method read = type.getMethod("fromJson", String.class);
        Method write = type.getMethod("toJson");
        for (String document : one.documents()) {
          judge(one, document, throughJava(read, write, document));
        }
      }
    }
  }

  private static Optional<String> throughJava(Method read, Method write, String document)
      throws ReflectiveOperationException {
    try {
      return Optional.of((String) write.invoke(read.invoke(null, document)));
    } catch (InvocationTargetException e) {
      assertThat(String.valueOf(e.getCause())).as(document).contains("InvalidJsonException");
      return Optional.empty();
    }
  }

  /** Needs {@code mypy --strict} to find nothing. */
  void throughPython(List<Trial> cases) throws Exception {
    require("mypy", "--version");
    require("python3", "--version");
    write(Language.PYTHON, cases);
    StringBuilder program = new StringBuilder("import json\nimport sys\nCASES = {}\n");
    for (Trial one : cases) {
      program.append("import %s.types\n".formatted(one.packageName()));
      program.append(
          "CASES['%s'] = %s.types.%s\n"
              .formatted(
                  one.packageName(),
                  one.packageName(),
                  one.union() ? "account_event_from_json" : one.root() + ".from_json"));
    }
    program.append(
        """
        for line in sys.stdin:
            name, document = json.loads(line)
            try:
                print(json.dumps(CASES[name](document).to_json()))
            except ValueError as e:
                assert type(e).__name__ == "InvalidJson", (document, e)
                print("null")
        """);
    Files.writeString(folder.resolve("through.py"), program);
    answers(cases, List.of("python3", "through.py"));
    List<String> packages = cases.stream().map(Trial::packageName).toList();
    List<String> mypy = new ArrayList<>(List.of("mypy", "--strict", "--cache-dir=/dev/null"));
    packages.forEach(name -> mypy.addAll(List.of("-p", name)));
    assertThat(run(mypy, "")).startsWith("Success");
  }

  /** Needs {@code gofmt} and {@code go vet} to find nothing. */
  void throughGo(List<Trial> cases) throws Exception {
    require("go", "version");
    write(Language.GO, cases);
    StringBuilder imports = new StringBuilder();
    StringBuilder readers = new StringBuilder();
    for (Trial one : cases) {
      String name = one.packageName();
      imports.append("\t\"generated/%s\"\n".formatted(name));
      String read =
          one.union()
              ? "v, err := %s.UnmarshalAccountEvent(b)"
              : "var v %s.%s; err := v.UnmarshalJSON(b)";
      readers.append(
          "case \"%s\": %s; if err != nil { return err, nil }; return nil, v\n"
              .formatted(name, read.formatted(name, one.root())));
    }
    Files.writeString(folder.resolve("go.mod"), "module generated\n\ngo 1.19\n");
    assertThat(run(List.of("gofmt", "-l", "."), "")).isEmpty();
    Path program = Files.createDirectories(folder.resolve("through")).resolve("main.go");
    Files.writeString(
        program,
        """
        package main

        import (
        	"bufio"
        	"encoding/json"
        	"fmt"
        	"os"
        %s)

        func read(name string, b []byte) (error, any) {
        	switch name {
        %s	}
        	panic(name)
        }

        func main() {
        	lines := bufio.NewReader(os.Stdin)
        	for {
        		line, err := lines.ReadBytes('\\n')
        		if err != nil {
        			return
        		}
        		var document [2]string
        		if err := json.Unmarshal(line, &document); err != nil {
        			panic(err)
        		}
        		refused, value := read(document[0], []byte(document[1]))
        		if refused != nil {
        			fmt.Println("null")
        			continue
        		}
        		written, err := json.Marshal(value)
        		if err != nil {
        			panic(err)
        		}
        		answer, _ := json.Marshal(string(written))
        		fmt.Println(string(answer))
        	}
        }
        """
            .formatted(imports, readers));
    assertThat(run(List.of("go", "vet", "./..."), "")).isEmpty();
    answers(cases, List.of("go", "run", "./through"));
  }

  /** Feeds a program a line for each document: its package and itself; null means refused. */
  private void answers(List<Trial> cases, List<String> command) throws Exception {
    StringBuilder input = new StringBuilder();
    for (Trial one : cases) {
      for (String document : one.documents()) {
        input.append(
            new Json.Arr(List.of(new Json.Str(one.packageName()), new Json.Str(document))) + "\n");
      }
    }
    Iterator<String> lines = run(command, input.toString()).lines().iterator();
    for (Trial one : cases) {
      for (String document : one.documents()) {
        Json answer = JsonReader.read(lines.next());
        judge(
            one,
            document,
            answer instanceof Json.Str(String text) ? Optional.of(text) : Optional.empty());
      }
    }
  }

  static void require(String... command) {
    boolean there;
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      there = process.waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      there = false;
    }
    assumeTrue(there, command[0] + " is not installed");
  }

  /** What a tool says; it must end with 0. */
  private String run(List<String> command, String input) throws Exception {
    Path in = Files.writeString(folder.resolve("input"), input);
    Path out = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(Map.of("GOPROXY", "off", "GOFLAGS", "-mod=mod"));
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .start();
    int code = process.waitFor();
    String text = Files.readString(out);
    assertThat(code).as("%s: %s", command, text).isZero();
    return text;
  }
}
