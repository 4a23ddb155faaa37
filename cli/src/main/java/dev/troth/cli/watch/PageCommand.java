package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
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

/** {@code troth watch page}: pages that somebody has to acknowledge. */
@Command(
    name = "page",
    description = "Pages that somebody has to acknowledge.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PageCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(), "a sub-command is missing, expected list or ack");
  }

  @Command(description = "Lists pages, the newest first.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--all", description = "Also those that are closed.") boolean all,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    JsonNode pages = server.client().get("/api/pages?state=" + (all ? "all" : "open")).document();
    if (format == Format.JSON) {
      out().println(pages.toPrettyString());
    } else {
      pages.get("items").forEach(this::print);
      if (pages.get("items").isEmpty()) {
        out().println("No pages.");
      }
    }
    out().flush();
    return ExitCode.OK;
  }

  @Command(
      description = "Says that you look after it: nobody else is paged.",
      mixinStandardHelpOptions = true)
  int ack(
      @Parameters(
              paramLabel = "PAGE",
              description = "Its number, or its subject such as oncall/7, as the inbox shows it.")
          String name,
      @Mixin ServerOptions server) {
    String id = name.startsWith("oncall/") ? name.substring("oncall/".length()) : name;
    if (!id.matches("[0-9]{1,18}")) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          "page is '%s', expected a number or oncall/NUMBER".formatted(name));
    }
    print(server.client().post("/api/pages/%s/acknowledge".formatted(id), Map.of()).document());
    out().flush();
    return ExitCode.OK;
  }

  private void print(JsonNode page) {
    String state =
        page.has("acknowledgedBy")
            ? "%s by %s"
                .formatted(page.get("state").asString(), page.get("acknowledgedBy").asString())
            : page.get("state").asString();
    String next = page.has("next") ? "  next " + page.get("next").asString() : "";
    out()
        .printf(
            "%d  %s  %s  paged %s%s%n",
            page.get("id").asLong(),
            state,
            page.get("title").asString(),
            page.has("to") ? page.get("to").asString() : "nobody yet",
            next);
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
