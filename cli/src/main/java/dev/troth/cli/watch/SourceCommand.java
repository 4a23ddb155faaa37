package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

/** {@code troth watch source}: where changes come from that nobody sends in. */
@Command(
    name = "source",
    description = "Sources of changes that nobody sends in (admin).",
    mixinStandardHelpOptions = true,
    subcommands = SourceAddCommand.class,
    sortOptions = false)
final class SourceCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a sub-command is missing, expected add, list, show, pause, resume, remove, rotate or"
            + " test");
  }

  private record Sources(List<SourceLine> items) {}

  private record Tested(
      boolean works, String detail, @Nullable Map<String, @Nullable Object> fields) {}

  @Command(
      description = "Lists sources with their health, lag and last error.",
      mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    ApiClient.Answer answer = server.client().get("/api/sources");
    if (format == Format.JSON) {
      out().println(answer.document().toPrettyString());
      return ExitCode.OK;
    }
    List<SourceLine> sources = answer.as(Sources.class).items();
    if (sources.isEmpty()) {
      out().println("No sources. Add one: troth watch source add NAME --url URL");
    }
    sources.forEach(out()::println);
    boolean failing = sources.stream().anyMatch(source -> source.health().equals("failing"));
    return failing ? ExitCode.FINDINGS : ExitCode.OK;
  }

  @Command(
      description = "Shows all that is known of a source, as JSON.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    ApiClient.Answer answer = server.client().get("/api/sources/" + encode(name));
    out().println(answer.document().toPrettyString());
    return answer.as(SourceLine.class).health().equals("failing") ? ExitCode.FINDINGS : ExitCode.OK;
  }

  @Command(description = "Pauses a source.", mixinStandardHelpOptions = true)
  int pause(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    out().println("source " + post(server, name, "pause").as(SourceLine.class));
    return ExitCode.OK;
  }

  @Command(
      description = "Resumes a source, and looks at it at once.",
      mixinStandardHelpOptions = true)
  int resume(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    out().println("source " + post(server, name, "resume").as(SourceLine.class));
    return ExitCode.OK;
  }

  @Command(
      description = {
        "Gives a webhook a new secret. The former one counts, too, until --end: use it once the",
        "sender signs with the new one."
      },
      mixinStandardHelpOptions = true)
  int rotate(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(names = "--secret-file", paramLabel = "FILE", description = "The new secret.")
          @Nullable Path secret,
      @Option(names = "--end", description = "The former secret no longer counts.") boolean end,
      @Mixin ServerOptions server) {
    if ((secret == null) != end) {
      throw CommandException.usage("expected either --secret-file or --end");
    }
    Map<String, Object> body =
        secret == null ? Map.of() : Map.of("secret", SourceAddCommand.secretOf(secret));
    SourceLine rotated =
        server.client().post("/api/sources/" + encode(name) + "/rotate", body).as(SourceLine.class);
    out().println("source " + rotated + (end ? "" : "  the secret before counts too, until --end"));
    return ExitCode.OK;
  }

  private record Removed(@Nullable String leftOver) {}

  @Command(
      description = {
        "Removes a source, and drops what was made for it at its other end. Its changes stay."
      },
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(
              names = "--leave",
              description = "Even if what was made at its other end cannot be dropped.")
          boolean leave,
      @Mixin ServerOptions server) {
    String path = "/api/sources/" + encode(name) + (leave ? "?leave=1" : "");
    String left = server.client().delete(path).as(Removed.class).leftOver();
    out().println("removed source " + name + (left == null ? "" : "; left over: " + left));
    return left == null ? ExitCode.OK : ExitCode.FINDINGS;
  }

  @Command(
      description = "Looks at a source now, without recording what it sees.",
      mixinStandardHelpOptions = true)
  int test(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    Tested tested = post(server, name, "test").as(Tested.class);
    out().println((tested.works() ? "works: " : "does not work: ") + tested.detail());
    if (tested.fields() != null) {
      tested.fields().forEach((field, value) -> out().printf("  %s: %s%n", field, value));
    }
    out().flush();
    return tested.works() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private static ApiClient.Answer post(ServerOptions server, String name, String what) {
    return server.client().post("/api/sources/" + encode(name) + "/" + what, Map.of());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
