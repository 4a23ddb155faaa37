package dev.troth.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Language;
import dev.troth.contracts.generate.SourceText;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * Generated code of many contracts in one folder: what its language's tools and its documents say
 * against each, the first fault of each package alone.
 */
final class GeneratedPackages {
  private final Path folder;
  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Map<String, String> faults = new LinkedHashMap<>();

  /** What a generated package should do with a document. */
  record Document(String text, boolean valid) {}

  /** A contract with its package's name, and its documents. */
  record Item(String name, Contract contract, List<Document> documents) {}

  private record Generated(Item item, Generator.Result result) {}

  GeneratedPackages(Path folder, List<Item> items) {
    this.folder = folder;
    items.forEach(item -> this.items.put(item.name(), item));
  }

  private void fault(String name, String what) {
    if (items.containsKey(name)) {
      faults.putIfAbsent(name, what.lines().findFirst().orElse("").strip());
    }
  }

  private List<Generated> generate(Language language) throws IOException {
    List<Generated> all = new ArrayList<>();
    for (Item item : items.values()) {
      Generator.Result result = Generator.generate(item.contract(), language, item.name());
      if (result.files().isEmpty()) {
        String message = result.findings().getFirst().message();
        fault(item.name(), "refused: " + message.replaceFirst("^[^:]*: ", ""));
        continue;
      }
      for (SourceText source : result.files()) {
        Path target = folder.resolve(source.path());
        Files.createDirectories(target.getParent());
        Files.writeString(target, source.text());
      }
      all.add(new Generated(item, result));
    }
    return all;
  }

  /** Faults by package; what code was found not to check itself is no fault. */
  private void judge(Generated one, Document document, Optional<String> answer) {
    judge(one, document, answer, "");
  }

  private void judge(Generated one, Document document, Optional<String> answer, String why) {
    if (answer.isEmpty()) {
      if (document.valid()) {
        fault(one.item().name(), "refuses a valid document" + why);
      }
    } else if (!document.valid()) {
      if (one.result().findings().isEmpty()) {
        fault(one.item().name(), "accepts an invalid document");
      }
    } else {
      try {
        if (!Respelled.same(JsonReader.read(answer.get()), JsonReader.read(document.text()))) {
          fault(one.item().name(), "writes another document than it read");
        }
      } catch (JsonException e) {
        fault(one.item().name(), "writes what is no JSON");
      }
    }
  }

  Map<String, String> throughJava() throws Exception {
    List<Generated> all = generate(Language.JAVA);
    var compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    Path classes = folder.resolve("classes");
    try (var manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      for (boolean again = true; again; ) {
        List<Path> sources = new ArrayList<>();
        for (Generated one : all) {
          if (!faults.containsKey(one.item().name())) {
            one.result().files().forEach(file -> sources.add(folder.resolve(file.path())));
          }
        }
        List<String> options =
            List.of("-Xlint:all", "-Xmaxerrs", "10000", "-proc:none", "-d", classes.toString());
        again =
            !sources.isEmpty()
                && !compiler
                    .getTask(
                        null,
                        manager,
                        diagnostics,
                        options,
                        null,
                        manager.getJavaFileObjectsFromPaths(sources))
                    .call();
        int before = faults.size();
        for (Diagnostic<? extends JavaFileObject> message : diagnostics.getDiagnostics()) {
          if (message.getSource() != null) {
            Path source = folder.relativize(Path.of(message.getSource().toUri()));
            fault(source.getName(0).toString(), "javac: " + message.getMessage(null));
          }
        }
        again &= faults.size() > before;
      }
    }
    URL url = classes.toUri().toURL();
    try (var loader = new URLClassLoader(new URL[] {url})) {
      for (Generated one : all) {
        if (!faults.containsKey(one.item().name())) {
          throughJava(one, loader);
        }
      }
    }
    return faults;
  }

  private void throughJava(Generated one, ClassLoader loader) throws Exception {
    try {
      Class<?> type = loader.loadClass(one.item().name() + "." + one.result().root());
      Method read = type.getMethod("fromJson", String.class);
      Method write = type.getMethod("toJson");
      for (Document document : one.item().documents()) {
        try {
          String written = (String) write.invoke(read.invoke(null, document.text()));
          judge(one, document, Optional.of(written));
        } catch (InvocationTargetException e) {
          String cause = String.valueOf(e.getCause());
          if (!cause.contains("InvalidJsonException")) {
            fault(one.item().name(), "throws " + cause);
          }
          judge(one, document, Optional.empty(), ": " + cause);
        }
      }
    } catch (ClassNotFoundException | LinkageError e) {
      fault(one.item().name(), "does not load: " + e);
    }
  }

  Map<String, String> throughPython() throws Exception {
    List<Generated> all = generate(Language.PYTHON);
    List<String> mypy =
        new ArrayList<>(
            List.of(
                "mypy",
                "--strict",
                "--cache-dir=" + folder.resolve("cache"),
                "--no-error-summary"));
    all.forEach(one -> mypy.addAll(List.of("-p", one.item().name())));
    attribute(run(mypy, ""), "mypy: ");
    StringBuilder program =
        new StringBuilder(
            """
            import importlib
            import json
            import sys
            READERS = {}

            def reader(name, path):
                if name not in READERS:
                    module = importlib.import_module(name + ".types")
                    found = module
                    for step in path.split("."):
                        found = getattr(found, step)
                    READERS[name] = found
                return READERS[name]

            for line in sys.stdin:
                name, path, document = json.loads(line)
                try:
                    print(json.dumps(reader(name, path)(document).to_json()), flush=True)
                except Exception as e:
                    if type(e).__name__ in ("InvalidJson", "BrokenValue"):
                        print("null", flush=True)
                    else:
                        print(json.dumps(["raises " + repr(e)]), flush=True)
            """);
    Files.writeString(folder.resolve("through.py"), program);
    answers(
        all,
        List.of("python3", "through.py"),
        one -> {
          String root = one.result().root();
          String code = text(one, "types.py");
          Matcher union =
              Pattern.compile("def (\\w+_from_json)\\(text: str\\) -> " + root + ":").matcher(code);
          return union.find() ? union.group(1) : root + ".from_json";
        });
    return faults;
  }

  private static String text(Generated one, String file) {
    return one.result().files().stream()
        .filter(source -> source.path().endsWith("/" + file))
        .findFirst()
        .orElseThrow()
        .text();
  }

  Map<String, String> throughGo() throws Exception {
    List<Generated> all = generate(Language.GO);
    Files.writeString(folder.resolve("go.mod"), "module generated\n\ngo 1.19\n");
    attribute(run(List.of("gofmt", "-l", "."), ""), "gofmt: ");
    attribute(run(List.of("go", "vet", "./..."), ""), "go vet: ");
    StringBuilder imports = new StringBuilder();
    StringBuilder readers = new StringBuilder();
    for (Generated one : all) {
      String name = one.item().name();
      if (faults.getOrDefault(name, "").startsWith("go vet")) {
        continue;
      }
      imports.append("\t\"generated/%s\"\n".formatted(name));
      boolean union = text(one, "types.go").contains("func Unmarshal" + one.result().root() + "(");
      String read =
          union ? "v, err := %s.Unmarshal%s(b)" : "var v %s.%s; err := v.UnmarshalJSON(b)";
      readers.append(
          "case \"%s\": %s; if err != nil { return err, nil }; return nil, v\n"
              .formatted(name, read.formatted(name, one.result().root())));
    }
    Path program = Files.createDirectories(folder.resolve("through")).resolve("main.go");
    Files.writeString(program, GO_PROGRAM.formatted(imports, readers));
    Path binary = folder.resolve("through.bin");
    String built = run(List.of("go", "build", "-o", binary.toString(), "./through"), "");
    if (!Files.exists(binary)) {
      throw new AssertionError(built);
    }
    answers(all, List.of(binary.toString()), _ -> "");
    return faults;
  }

  private static final String GO_PROGRAM =
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
      	return nil, nil
      }

      func answer(name string, b []byte) (answer any) {
      	defer func() {
      		if r := recover(); r != nil {
      			answer = []string{fmt.Sprint("panics: ", r)}
      		}
      	}()
      	refused, value := read(name, b)
      	if refused != nil {
      		return nil
      	}
      	written, err := json.Marshal(value)
      	if err != nil {
      		return []string{"does not write: " + err.Error()}
      	}
      	return string(written)
      }

      func main() {
      	lines := bufio.NewReader(os.Stdin)
      	for {
      		line, err := lines.ReadBytes('\\n')
      		if err != nil {
      			return
      		}
      		var document [3]string
      		if err := json.Unmarshal(line, &document); err != nil {
      			panic(err)
      		}
      		text, _ := json.Marshal(answer(document[0], []byte(document[2])))
      		fmt.Println(string(text))
      	}
      }
      """;

  /** A tool's lines begin with a path in the package that they are about. */
  private void attribute(String output, String tool) {
    for (String line : output.lines().toList()) {
      Matcher path = Pattern.compile("(?:vet: |\\./|^)([a-z]\\w*)/").matcher(line);
      if (path.find()) {
        fault(path.group(1), tool + line.replaceFirst("^\\S+?(:\\d+)*: ", ""));
      }
    }
  }

  private interface Reader {
    String of(Generated one);
  }

  private void answers(List<Generated> all, List<String> command, Reader reader) throws Exception {
    StringBuilder input = new StringBuilder();
    Set<String> broken = new HashSet<>(faults.keySet());
    for (Generated one : all) {
      for (Document document : one.item().documents()) {
        if (!broken.contains(one.item().name())) {
          input.append(
              new Json.Arr(
                      List.of(
                          new Json.Str(one.item().name()),
                          new Json.Str(reader.of(one)),
                          new Json.Str(document.text())))
                  + "\n");
        }
      }
    }
    Iterator<String> lines = run(command, input.toString()).lines().iterator();
    for (Generated one : all) {
      for (Document document : one.item().documents()) {
        if (!broken.contains(one.item().name())) {
          switch (JsonReader.read(lines.next())) {
            case Json.Str(String text) -> judge(one, document, Optional.of(text));
            case Json.Arr wrong -> fault(one.item().name(), wrong.items().getFirst().toString());
            default -> judge(one, document, Optional.empty());
          }
        }
      }
    }
  }

  private String run(List<String> command, String input) throws Exception {
    Path in = Files.writeString(folder.resolve("input"), input);
    Path out = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(Map.of("GOPROXY", "off", "GOFLAGS", "-mod=mod"));
    builder
        .redirectErrorStream(true)
        .redirectInput(in.toFile())
        .redirectOutput(out.toFile())
        .start()
        .waitFor();
    try (Stream<String> lines = Files.lines(out)) {
      return String.join("\n", lines.toList());
    }
  }
}
