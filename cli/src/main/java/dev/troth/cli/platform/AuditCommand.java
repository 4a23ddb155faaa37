package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.Printable;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code troth audit}: who did what. */
@Command(
    name = "audit",
    description = {
      "Lists who did what, newest first: changes that people and tokens made, what they did to",
      "watches and inboxes, sign-ins and sign-outs, and refused sign-ins. For admins."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class AuditCommand implements Callable<Integer> {
  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");
  private static final int AT_ONCE = 200;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--user", paramLabel = "USER", description = "Acts of one user alone.")
  private @Nullable String user;

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = "What concerns type/id or type/* alone, and no sign-ins.")
  private @Nullable String target;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "From a time on: 24h (s, m, h, d) or 2026-01-31T09:30:00Z.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Before a time, given as --since.")
  private @Nullable String until;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most this many (default: ${DEFAULT-VALUE}); 0 for all.")
  private int limit;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
  private Format format = Format.TEXT;

  @Mixin private final ServerOptions server = new ServerOptions();

  /** An act as the platform tells it. */
  private record Entry(
      String at,
      @Nullable String user,
      String what,
      @Nullable String target,
      @Nullable List<String> changed,
      @Nullable String detail,
      @Nullable Long times) {}

  private record Page(List<Entry> items, @Nullable String next) {}

  @Override
  public Integer call() {
    if (limit < 0) {
      throw CommandException.usage("--limit is %d, expected 0 or more".formatted(limit));
    }
    StringBuilder query = new StringBuilder();
    add(query, "user", user);
    add(query, "target", target);
    add(query, "since", time("--since", since));
    add(query, "until", time("--until", until));
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    ApiClient client = server.client();
    List<JsonNode> documents = new ArrayList<>();
    int told = 0;
    String before = "";
    do {
      int most = limit == 0 ? AT_ONCE : Math.min(AT_ONCE, limit - told);
      ApiClient.Answer answer = client.get("/api/audit?limit=" + most + query + before);
      Page page = answer.as(Page.class);
      told += page.items().size();
      if (format == Format.JSON) {
        answer.document().path("items").forEach(documents::add);
      } else {
        page.items().forEach(entry -> out.println(line(entry)));
      }
      before = page.next() == null ? "" : "&before=" + encoded(page.next());
    } while (!before.isEmpty() && (limit == 0 || told < limit));
    if (format == Format.JSON) {
      out.println(
          JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(documents));
    } else if (told == 0) {
      out.println("nobody did anything in that time");
    }
    out.flush();
    return ExitCode.OK;
  }

  private static String line(Entry entry) {
    List<String> words = new ArrayList<>();
    words.add(entry.at());
    words.add(entry.user() == null ? "-" : entry.user());
    words.add(entry.what());
    if (entry.target() != null) {
      words.add(entry.target());
    }
    if (entry.changed() != null && !entry.changed().isEmpty()) {
      words.add("(" + String.join(", ", entry.changed()) + ")");
    }
    if (entry.detail() != null) {
      words.add(entry.detail());
    }
    if (entry.times() != null) {
      words.add(entry.times() + " times");
    }
    return Printable.line(String.join("  ", words));
  }

  private static void add(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query.append('&').append(name).append('=').append(encoded(value));
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static @Nullable String time(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long count = Long.parseLong(ago.group(1));
      Duration back =
          switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      return InstantSource.system().instant().minus(back).toString();
    }
    try {
      return Instant.parse(text).toString();
    } catch (DateTimeException wrong) {
      throw CommandException.usage(
          "%s is '%s', expected such as 24h or 2026-01-31T09:30:00Z".formatted(option, text));
    }
  }
}
