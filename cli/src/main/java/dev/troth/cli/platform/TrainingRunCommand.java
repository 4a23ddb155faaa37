package dev.troth.cli.platform;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.gate.GateRehearsal;
import dev.troth.observe.agent.Observation;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.print.SpanLines;
import dev.troth.observe.span.SpanSink;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs the paths that commands share once, so that the launcher can cache their classes. */
@Command(name = "rehearse", hidden = true, description = "Prepares a fast start.")
public final class TrainingRunCommand implements Callable<Integer> {
  private final Function<String[], CommandLine> troth;

  private static final List<String> PAGES =
      List.of(
          "/",
          "/-/ready",
          "/metrics",
          "/api/me",
          "/api/record/1",
          "/api/watches",
          "/api/inbox",
          "/api/objectives");

  /** Commands that share a cache; {@code gate run} has one by {@link GateRehearsal}. */
  enum Kind {
    CLI,
    UP,
    OBSERVE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param troth makes the command line with the sub-commands that arguments need
   */
  public TrainingRunCommand(Function<String[], CommandLine> troth) {
    this.troth = troth;
  }

  @Parameters(arity = "1", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}.")
  private Kind kind = Kind.CLI;

  @Override
  public Integer call() throws IOException {
    rehearse("--version");
    Path data = Files.createTempDirectory("troth-rehearsal-");
    try {
      switch (kind) {
        case CLI -> {
          rehearse("--help");
          contract(data);
          gate(data);
        }
        case UP -> {
          rehearse("up", "--help");
          platform(data);
        }
        case OBSERVE -> {
          rehearse("observe", "run", "--port", "none");
          rehearse("observe", "doctor");
          observe();
        }
      }
    } finally {
      delete(data);
    }
    return ExitCode.OK;
  }

  /** Attaches to nobody and ends, where this process may. */
  private static void observe() throws IOException {
    if (Capabilities.missing().isPresent()) {
      return;
    }
    ObserveConfig nobody =
        ObserveConfig.defaults().withInstrument(List.of(Selector.ofExecutable("/nowhere")));
    SpanSink sink = new SpanLines(new PrintWriter(Writer.nullWriter()));
    try (Observation observation = Observation.open(nobody, List.of(sink))) {
      observation.agent().attach();
      observation.agent().stop();
      observation.agent().run();
    }
  }

  /** Checks a token as {@code gate verify} does, and serves one as {@code gate run} does. */
  private void gate(Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "x".repeat(48));
    rehearse("gate", "run", "--help");
    rehearse("gate", "verify", "--secret-file", secret.toString(), "a.b.c");
    GateRehearsal.run();
  }

  /** Lints a contract, compares it, checks a message that keeps it and one that does not. */
  private void contract(Path folder) throws IOException {
    Path contract = folder.resolve("rehearsal.contract.yaml");
    Path earlier = folder.resolve("earlier.contract.yaml");
    Path message = folder.resolve("message.json");
    String text =
        """
        contract: rehearsal
        version: 1.0.0
        owner: nobody
        schema:
          type: object
          required: [id]
          properties:
            id: {type: string, pattern: "^[a-z]+$"}
            at: {type: string, format: date-time}
        rules:
          - {id: named, check: size(this.id) > 0}
        examples:
          - {id: a}
        """;
    Files.writeString(earlier, text);
    Files.writeString(contract, text.replace("1.0.0", "1.1.0").replace("[id]", "[id, at]"));
    rehearse("contract", "lint", contract.toString());
    rehearse("contract", "check", contract.toString(), "--against", earlier.toString());
    for (String content : List.of("{\"id\": \"A\", \"at\": \"never\"}", "{\"id\": \"a\"}")) {
      Files.writeString(message, content);
      rehearse("contract", "validate", contract.toString(), message.toString());
    }
  }

  /** Starts a platform on a free port, asks for its pages, stops it. */
  private static void platform(Path data) {
    Config config =
        Config.load(
            Inputs.flagsOnly(
                Map.of(
                    "data",
                    data.toString(),
                    "http.listen",
                    "0",
                    "registry.listen",
                    "0",
                    "otlp.http",
                    "0",
                    "otlp.grpc",
                    "0")));
    try (Platform platform = Main.start(config, Clock.systemUTC())) {
      int port = platform.port("http").orElseThrow();
      ApiClient client = new ApiClient(URI.create("http://127.0.0.1:" + port), Optional.empty());
      for (String page : PAGES) {
        try {
          client.get(page);
        } catch (CommandException notJson) {
          // The classes are loaded all the same.
        }
      }
      client.post("/api/watch/1", Map.of("user", "rehearsal"));
      client.post("/api/update/1", Map.of("value", "rehearsed"));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Runs one command in this process and drops what it prints. */
  private void rehearse(String... args) {
    PrintWriter nowhere =
        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    CommandLine command = troth.apply(args);
    command.setOut(nowhere).setErr(nowhere);
    command.execute(args);
  }
}
