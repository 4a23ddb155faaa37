package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code troth watch escalation}: who is paged next when nobody acknowledges. */
@Command(
    name = "escalation",
    description = "Who is paged, one after another (admin).",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EscalationCommand implements Runnable {
  private static final String PATH = "/api/escalations";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a sub-command is missing, expected list, set or remove");
  }

  @Command(description = "Lists escalations.", mixinStandardHelpOptions = true)
  int list(@Mixin ServerOptions server) {
    server.client().get(PATH).document().get("items").forEach(this::print);
    out().flush();
    return ExitCode.OK;
  }

  @Command(
      description = "Pages users one after another when something urgent begins at a target.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int set(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Parameters(paramLabel = "TARGET", description = "Such as slo/orders or slo/*.")
          String target,
      @Parameters(
              paramLabel = "USER",
              arity = "1..*",
              index = "2..*",
              description = "The users to page, in this order.")
          List<String> line,
      @Option(
              names = "--within",
              paramLabel = "TIME",
              defaultValue = "5m",
              description =
                  "How long each has to acknowledge, such as 90s or 5m (default: ${DEFAULT-VALUE}).")
          String within,
      @Mixin ServerOptions server) {
    Map<String, Object> body = Map.of("target", target, "line", line, "within", seconds(within));
    print(server.client().put(PATH + "/" + encode(name), body).document());
    out().flush();
    return ExitCode.OK;
  }

  private static long seconds(String text) {
    if (!text.matches("[1-9][0-9]{0,5}[smh]")) {
      throw CommandException.usage(
          "--within is '%s', expected a number and s, m or h, such as 5m".formatted(text));
    }
    long count = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 'h' -> count * 3_600;
      case 'm' -> count * 60;
      default -> count;
    };
  }

  @Command(
      description = "Removes an escalation; pages that are open go on.",
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    var _ = server.client().delete(PATH + "/" + encode(name));
    out().println("removed escalation " + name);
    out().flush();
    return ExitCode.OK;
  }

  private void print(JsonNode escalation) {
    List<String> line = escalation.get("line").valueStream().map(JsonNode::asString).toList();
    out()
        .printf(
            "%s: %s pages %s, each within %d s%n",
            escalation.get("name").asString(),
            escalation.get("target").asString(),
            String.join(", then ", line),
            escalation.get("within").asLong());
    escalation
        .get("withoutAddress")
        .forEach(user ->
            out().printf("  %s has no address: the inbox alone tells them%n", user.asString()));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
