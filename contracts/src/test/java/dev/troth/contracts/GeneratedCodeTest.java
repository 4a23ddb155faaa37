package dev.troth.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Language;
import dev.troth.contracts.generate.SourceText;
import dev.troth.contracts.json.Json;
import dev.troth.contracts.json.JsonException;
import dev.troth.contracts.json.JsonReader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.testkit.Property;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated code keeps valid documents and refuses invalid ones, just as the validator does. */
class GeneratedCodeTest {
  private static final Path CONTRACTS =
      Path.of("src/test/resources/dev/troth/contracts/generate").toAbsolutePath();

  @TempDir private Path folder = Path.of("");

  /** A contract, its generated root type and what to feed it. */
  private record Case(Contract contract, String root, String packageName, List<String> documents) {
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

  private List<Case> cases(Language language) throws Exception {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(CONTRACTS)) {
      for (Path file : files.sorted().toList()) {
        Contract contract = Contract.load(file);
        String packageName = contract.name().replace('-', '_');
        Generator.Result result = Generator.generate(contract, language, packageName);
        assertThat(result.findings()).as(file.toString()).isEmpty();
        for (SourceText source : result.files()) {
          Path target = folder.resolve(source.path());
          Files.createDirectories(target.getParent());
          Files.writeString(target, source.text());
        }
        cases.add(new Case(contract, root(contract), packageName, documents(contract)));
      }
    }
    return cases;
  }

  private static String root(Contract contract) {
    StringBuilder name = new StringBuilder();
    for (String word : contract.name().split("[_-]", -1)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }

  /** The examples, and seeded changes of them. */
  private static List<String> documents(Contract contract) {
    List<String> documents = new ArrayList<>();
    contract.examples().forEach(example -> documents.add(example.toString()));
    Property.of("documents near the examples of " + contract.name())
        .runs(400, 20_000)
        .check(random -> {
          Json near = contract.examples().get(random.nextInt(contract.examples().size()));
          try {
            byte[] bytes = new Mutation(random).document(near);
            documents.add(UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString());
          } catch (CharacterCodingException e) {
            // A text is what generated code reads; these bytes are none.
            documents.add("");
          }
        });
    return documents;
  }

  /** Compares an answer, the document written again or empty if it was refused. */
  private static void judge(Case one, String document, Optional<String> answer) {
    Optional<Json> written = answer.map(JsonReader::read);
    assertThat(written)
        .as("%s: %s", one.contract().name(), document)
        .isEqualTo(one.valid(document));
  }

  private static void enough(List<Case> cases) {
    long valid =
        cases.stream()
            .mapToLong(c -> c.documents().stream().filter(d -> c.valid(d).isPresent()).count())
            .sum();
    assertThat(valid).as("valid documents").isGreaterThan(200);
  }

  @Test
  void javaCompilesWithoutWarningsAndAgreesWithTheValidator() throws Exception {
    List<Case> cases = cases(Language.JAVA);
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
      for (Case one : cases) {
        Class<?> type = loader.loadClass(one.packageName() + "." + one.root());
        Method read = type.getMethod("fromJson", String.class);
        Method write = type.getMethod("toJson");
        for (String document : one.documents()) {
          judge(one, document, throughJava(read, write, document));
        }
      }
    }
    enough(cases);
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

  @Test
  void pythonPassesMypyStrictAndAgreesWithTheValidator() throws Exception {
    require("mypy", "--version");
    require("python3", "--version");
    List<Case> cases = cases(Language.PYTHON);
    StringBuilder program = new StringBuilder("import json\nimport sys\nCASES = {}\n");
    for (Case one : cases) {
      boolean union = one.contract().name().equals("account-event");
      program.append("import %s.types\n".formatted(one.packageName()));
      program.append(
          "CASES['%s'] = %s.types.%s\n"
              .formatted(
                  one.packageName(),
                  one.packageName(),
                  union ? "account_event_from_json" : one.root() + ".from_json"));
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
    List<String> packages = cases.stream().map(Case::packageName).toList();
    List<String> mypy = new ArrayList<>(List.of("mypy", "--strict", "--cache-dir=/dev/null"));
    packages.forEach(name -> mypy.addAll(List.of("-p", name)));
    assertThat(run(mypy, "")).startsWith("Success");
    enough(cases);
  }

  @Test
  void goPassesGofmtAndVetAndAgreesWithTheValidator() throws Exception {
    require("go", "version");
    List<Case> cases = cases(Language.GO);
    StringBuilder imports = new StringBuilder();
    StringBuilder readers = new StringBuilder();
    for (Case one : cases) {
      boolean union = one.contract().name().equals("account-event");
      String name = one.packageName();
      imports.append("\t\"generated/%s\"\n".formatted(name));
      String read =
          union
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
    enough(cases);
  }

  /** Feeds a program a line for each document: its package and itself; null means refused. */
  private void answers(List<Case> cases, List<String> command) throws Exception {
    StringBuilder input = new StringBuilder();
    for (Case one : cases) {
      for (String document : one.documents()) {
        input.append(
            new Json.Arr(List.of(new Json.Str(one.packageName()), new Json.Str(document))) + "\n");
      }
    }
    Iterator<String> lines = run(command, input.toString()).lines().iterator();
    for (Case one : cases) {
      for (String document : one.documents()) {
        Json answer = JsonReader.read(lines.next());
        judge(
            one,
            document,
            answer instanceof Json.Str(String text) ? Optional.of(text) : Optional.empty());
      }
    }
  }

  private static void require(String... command) {
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

  @Test
  void whatTypesCannotSayIsAFindingAndNothingIsWritten() {
    Contract contract =
        Contract.read(
            """
            {"contract": "c", "version": "1.0.0", "owner": "o", "schema": {
              "type": "object",
              "properties": {
                "a": {"not": {"type": "string"}},
                "b": {"type": ["string", "integer"]},
                "c": {"type": "string", "pattern": "(a)\\\\1"},
                "d": {"type": "string", "format": "email"},
                "e": {"oneOf": [{"type": "object"}, {"type": "string"}]},
                "f": {"minimum": 1}
              }}}
            """
                .getBytes(UTF_8));
    Generator.Result result = Generator.generate(contract, Language.JAVA, "c");
    assertThat(result.files()).isEmpty();
    assertThat(result.findings())
        .extracting(Finding::message)
        .containsExactly(
            "/properties/a: 'not' cannot be said by types",
            "/properties/b: the type is one of [integer, string]",
            "/properties/c: the pattern '(a)\\1' does not mean the same in every language",
            "/properties/d: format 'email' is not checked by generated code",
            "/properties/e: no property tells the branches apart",
            "/properties/f: there are keywords but no type");
  }

  @Test
  void anObjectThatMustContainItselfIsAFinding() {
    Contract contract =
        Contract.read(
            """
            {"contract": "c", "version": "1.0.0", "owner": "o", "schema": {
              "type": "object", "required": ["c"], "properties": {"c": {"$ref": "#"}}}}
            """
                .getBytes(UTF_8));
    assertThat(Generator.generate(contract, Language.GO, "c").findings())
        .extracting(Finding::message)
        .containsExactly("the root: no message is finite: every C must contain another");
  }

  @Test
  void packagesAreNamesOfTheLanguage() {
    assertThat(Language.JAVA.isPackage("a.b_1")).isTrue();
    assertThat(Language.JAVA.isPackage("a.import")).isFalse();
    assertThat(Language.GO.isPackage("func")).isFalse();
    assertThat(Language.PYTHON.isPackage("a.b")).isFalse();
  }
}
