package dev.troth.cli.slo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.ApiClient.Answer;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** What {@code troth slo acknowledge} and {@code troth slo silence} have in common. */
abstract sealed class SloHoldCommand implements Callable<Integer> {
  private final String word;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "INCIDENT",
      description = "Its id, its subject such as incident/orders-1, or an objective that has one.")
  private String name = "";

  @Option(
      names = "--for",
      paramLabel = "LENGTH",
      description = "How long, such as 30m, 2h or 1d; at most 31d.")
  private @Nullable String length;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Until when, such as 2026-01-31T12:00:00Z.")
  private @Nullable String until;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for all who see it.")
  private @Nullable String reason;

  @Option(names = "--end", description = "Ends it before its time.")
  private boolean end;

  @Option(names = "--format", description = "text (default) or json.", defaultValue = "text")
  private Format format = Format.TEXT;

  @Mixin private @Nullable ServerOptions server;

  private SloHoldCommand(String word) {
    this.word = word;
  }

  /** Somebody looks after an incident. */
  @Command(
      name = "acknowledge",
      description = {
        "Acknowledges an open incident until a time: nobody else is paged for it.",
        "If it still burns then, its watchers are told again."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Acknowledge extends SloHoldCommand {
    Acknowledge() {
      super("acknowledge");
    }
  }

  /** Nobody is told of an incident. */
  @Command(
      name = "silence",
      description = {
        "Silences an open incident until a time; needs a reason.",
        "A silence of a ticket ends when the incident pages; silence it again to hold that back too.",
        "If it still burns then, its watchers are told again."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Silence extends SloHoldCommand {
    Silence() {
      super("silence");
    }
  }

  private record Incident(
      String id,
      String objective,
      String state,
      ObjectiveAnswer.@Nullable Hold acknowledgement,
      ObjectiveAnswer.@Nullable Hold silence) {}

  @Override
  public Integer call() {
    ApiClient client = requireNonNull(server).client();
    Map<String, Object> body = end ? Map.of() : body();
    String path =
        "/api/incidents/%s/%s"
            .formatted(URLEncoder.encode(incident(client), UTF_8).replace("+", "%20"), word);
    Answer answer = end ? client.delete(path) : client.post(path, body);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Incident incident = answer.as(Incident.class);
    if (format == Format.JSON) {
      out.println(JsonMapper.shared().writeValueAsString(answer.document()));
      return ExitCode.OK;
    }
    out.println("incident %s of %s".formatted(incident.id(), incident.objective()));
    SloText.held(incident.acknowledgement(), incident.silence()).forEach(out::println);
    return ExitCode.OK;
  }

  private Map<String, Object> body() {
    if ((length == null) == (until == null)) {
      throw CommandException.usage("expected either --for, --until or --end");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    if (length != null) {
      body.put("for", length);
    }
    if (until != null) {
      requireTime(until);
      body.put("until", until);
    }
    if (reason != null) {
      body.put("reason", reason);
    }
    return body;
  }

  private static void requireTime(String until) {
    try {
      var _ = Instant.parse(until);
    } catch (DateTimeException e) {
      throw CommandException.usage(
          "--until is '%s', expected a time such as 2026-01-31T12:00:00Z".formatted(until));
    }
  }

  /** What is no objective's name is taken as an incident's. */
  private String incident(ApiClient client) {
    if (name.startsWith("incident/")) {
      return name.substring("incident/".length());
    }
    for (ObjectiveAnswer objective : ObjectiveAnswer.listed(client.get("/api/objectives"))) {
      if (objective.name().equals(name)) {
        String open = objective.held().incident();
        if (open == null) {
          throw CommandException.usage("objective %s has no open incident".formatted(name));
        }
        return open;
      }
    }
    return name;
  }
}
