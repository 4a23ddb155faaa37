package dev.troth.cli.slo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient.Answer;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code troth slo requests}: the bad requests of an objective. */
@Command(
    name = "requests",
    description = "Lists the bad requests of an objective with their traces, newest first.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SloRequestsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "OBJECTIVE", description = "Whose requests.")
  private String objective = "";

  @Option(names = "--step", paramLabel = "STEP", description = "Only those bad at this step.")
  private @Nullable String step;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Only those of this group, where the objective is counted by an attribute.")
  private @Nullable String group;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only those that started then or later, such as 2026-01-31T09:30:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only those that started before.")
  private @Nullable String to;

  @Option(
      names = "--before",
      paramLabel = "PLACE",
      description = "Goes on where another answer ended.")
  private @Nullable String before;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description = "At most this many, up to 500 (default: 50).",
      defaultValue = "50")
  private int limit;

  @Option(names = "--format", description = "text (default) or json.", defaultValue = "text")
  private Format format = Format.TEXT;

  @Mixin private @Nullable ServerOptions server;

  private record Page(List<Row> requests, @Nullable String next) {}

  private record Row(
      String trace,
      String startedAt,
      String root,
      List<String> failed,
      List<String> missing,
      boolean slow,
      double millis,
      @Nullable String group) {
    List<String> fields() {
      return List.of(
          startedAt,
          trace,
          root.isEmpty() ? "(root not seen)" : root,
          String.format(Locale.ROOT, "%.0f ms", millis),
          why());
    }

    private String why() {
      List<String> reasons = new ArrayList<>();
      if (group != null) {
        reasons.add("of " + group);
      }
      if (!failed.isEmpty()) {
        reasons.add("failed at " + String.join(", ", failed));
      }
      if (!missing.isEmpty()) {
        reasons.add("never seen: " + String.join(", ", missing));
      }
      if (slow) {
        reasons.add("too slow");
      }
      return String.join("; ", reasons);
    }
  }

  @Override
  public Integer call() {
    Answer answer = requireNonNull(server).client().get(path());
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Page page = answer.as(Page.class);
    if (format == Format.JSON) {
      out.println(JsonMapper.shared().writeValueAsString(answer.document()));
      return ExitCode.OK;
    }
    if (page.requests().isEmpty()) {
      out.println("no trace that is kept is such a request");
    } else {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("STARTED", "TRACE", "REQUEST", "TOOK", "WHY"));
      page.requests().forEach(row -> rows.add(row.fields()));
      SloText.aligned(rows).forEach(out::println);
    }
    if (page.next() != null) {
      out.println("older ones: --before " + page.next());
    }
    return ExitCode.OK;
  }

  private String path() {
    StringBuilder path =
        new StringBuilder("/api/objectives/")
            .append(encoded(objective))
            .append("/requests?limit=")
            .append(limit);
    add(path, "step", step);
    add(path, "group", group);
    add(path, "from", from);
    add(path, "to", to);
    add(path, "before", before);
    return path.toString();
  }

  private static void add(StringBuilder path, String name, @Nullable String value) {
    if (value != null) {
      path.append('&').append(name).append('=').append(encoded(value));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
