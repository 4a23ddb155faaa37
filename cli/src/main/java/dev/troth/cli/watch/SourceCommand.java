package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.ServerOptions;
import dev.troth.cli.watch.WatchCommand.Format;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    sortOptions = false)
final class SourceCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a sub-command is missing, expected add, list, pause, resume, remove or test");
  }

  /** A source; {@link #toString} is its line in a list. */
  private record Source(
      String name,
      String subject,
      String url,
      @Nullable Long every,
      @Nullable String pointer,
      String health,
      @Nullable Long lag,
      @Nullable String lastError,
      @Nullable Long lastChange) {
    @Override
    public String toString() {
      String part = pointer == null || pointer.isEmpty() ? "" : " at " + pointer;
      String seen = lag == null ? "never seen" : "seen %ds ago".formatted(lag);
      String told = lastChange == null ? "" : "  last change " + lastChange;
      String error = lastError == null ? "" : "  " + lastError;
      String pace = every == null ? "" : "  every %ds".formatted(every);
      return "%s  %s  %s  %s%s%s  %s%s%s"
          .formatted(name, health, subject, url, part, pace, seen, told, error);
    }
  }

  private record Sources(List<Source> items) {}

  private record Tested(
      boolean works, String detail, @Nullable Map<String, @Nullable Object> fields) {}

  @Command(
      description =
          "Adds an HTTP resource that is looked at again and again, or webhooks that come in.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int add(
      @Parameters(paramLabel = "NAME", description = "Its name, such as weather.") String name,
      @Option(names = "--url", paramLabel = "URL", description = "Where the JSON document is.")
          @Nullable String url,
      @Option(
              names = "--hook",
              paramLabel = "SCHEME",
              description = "Instead of a URL: github or standard, as its sender signs.")
          @Nullable String hook,
      @Option(
              names = "--secret-file",
              paramLabel = "FILE",
              description = "The secret that the sender of a hook signs with.")
          @Nullable Path secret,
      @Option(
              names = "--id",
              paramLabel = "POINTER",
              description = "Where in a hook's document the id of its subject is.")
          @Nullable String id,
      @Option(
              names = "--every",
              paramLabel = "TIME",
              description = "From one look to the next, such as 30s or 5m (default 1m).")
          @Nullable String every,
      @Option(
              names = "--subject",
              paramLabel = "SUBJECT",
              description = "What its changes are of (default http/NAME).")
          @Nullable String subject,
      @Option(
              names = "--pointer",
              paramLabel = "POINTER",
              description = "The part that counts, a JSON pointer such as /data/0.")
          @Nullable String pointer,
      @Option(
              names = "--header",
              paramLabel = "'NAME: VALUE'",
              description = "What requests carry besides; may be repeated.")
          @Nullable List<String> headers,
      @Mixin ServerOptions server) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    if ((url == null) == (hook == null)) {
      throw CommandException.usage("expected either --url or --hook");
    }
    body.put("kind", hook == null ? "http" : "webhook");
    if (url != null) {
      body.put("url", url);
    } else {
      body.put("hook", hook(requireNonNull(hook), secret, id));
    }
    if (every != null) {
      body.put("every", seconds(every));
    }
    if (subject != null) {
      body.put("subject", subject);
    }
    if (pointer != null) {
      body.put("pointer", pointer);
    }
    Map<String, String> sent = new LinkedHashMap<>();
    for (String header : headers == null ? List.<String>of() : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw CommandException.usage("a header has no colon, expected 'Name: value'");
      }
      sent.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    if (!sent.isEmpty()) {
      body.put("headers", sent);
    }
    out().println("source " + server.client().post("/api/sources", body).as(Source.class));
    return ExitCode.OK;
  }

  private static Map<String, String> hook(
      String scheme, @Nullable Path secret, @Nullable String id) {
    Map<String, String> hook = new LinkedHashMap<>();
    hook.put("scheme", scheme);
    if (secret == null) {
      throw CommandException.usage("--secret-file is missing, expected with --hook");
    }
    try {
      hook.put("secret", Files.readString(secret).strip());
    } catch (IOException e) {
      throw CommandException.usage(
          "%s cannot be read, expected a file with a secret".formatted(secret));
    }
    if (id != null) {
      hook.put("id", id);
    }
    return hook;
  }

  private static long seconds(String text) {
    try {
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT)).toSeconds();
    } catch (DateTimeParseException e) {
      throw CommandException.usage(
          "--every is '%s', expected a time such as 30s, 5m or 1h".formatted(text));
    }
  }

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
    List<Source> sources = answer.as(Sources.class).items();
    if (sources.isEmpty()) {
      out().println("No sources. Add one: troth watch source add NAME --url URL");
    }
    sources.forEach(out()::println);
    boolean failing = sources.stream().anyMatch(source -> source.health().equals("failing"));
    return failing ? ExitCode.FINDINGS : ExitCode.OK;
  }

  @Command(description = "Looks at a source no more.", mixinStandardHelpOptions = true)
  int pause(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    out().println("source " + post(server, name, "pause").as(Source.class));
    return ExitCode.OK;
  }

  @Command(description = "Looks at a source again, at once.", mixinStandardHelpOptions = true)
  int resume(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    out().println("source " + post(server, name, "resume").as(Source.class));
    return ExitCode.OK;
  }

  @Command(
      description = "Removes a source; what it told stays told.",
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin ServerOptions server) {
    var _ = server.client().delete("/api/sources/" + encode(name));
    out().println("removed source " + name);
    return ExitCode.OK;
  }

  @Command(
      description = "Looks at a source now, without writing down what is seen.",
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
