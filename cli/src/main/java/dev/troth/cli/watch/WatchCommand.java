package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.ServerOptions;
import dev.troth.cli.watch.WatchAnswers.DeadLetter;
import dev.troth.cli.watch.WatchAnswers.DeadLetters;
import dev.troth.cli.watch.WatchAnswers.Inbox;
import dev.troth.cli.watch.WatchAnswers.Replayed;
import dev.troth.cli.watch.WatchAnswers.Watch;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code troth watch}: watches, the inbox, and the import of the original's database. */
@Command(
    name = "watch",
    description = "Manages watches and reads the inbox.",
    subcommands = {
      WhyCommand.class,
      EndpointCommand.class,
      EscalationCommand.class,
      PageCommand.class,
      GroupCommand.class,
      PreferenceCommand.class,
      SourceCommand.class,
      TemplateCommand.class
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class WatchCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec self = requireNonNull(spec);
    throw new ParameterException(
        self.commandLine(),
        "a sub-command is missing, expected add, list, remove, mute, unmute, inbox, why, endpoint, escalation, group, page, preference, source, template, import, dead-letters or replay");
  }

  @Command(
      description = "Watches targets: type/id, type/* or *.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int add(
      @Parameters(
              paramLabel = "TARGET",
              arity = "1..*",
              description = "What to watch, such as record/1, order/*; many at once.")
          List<String> targets,
      @Option(
              names = "--filter",
              paramLabel = "CONDITION",
              description =
                  "Only changes for which this holds, in CEL: 'price < 10 && changed(price)'.")
          @Nullable String filter,
      @Option(names = "--own", description = "Notifies the user of their own changes, too.")
          boolean own,
      @Option(
              names = "--level",
              paramLabel = "LEVEL",
              description = "none, participating, all (default), custom or ignore.")
          @Nullable String level,
      @Option(
              names = "--type",
              paramLabel = "TYPE",
              description = "A change type to be told of; may be repeated; implies level custom.")
          @Nullable Set<String> types,
      @Option(
              names = "--channel",
              paramLabel = "NAME",
              description = "A channel besides the inbox, such as console; may be repeated.")
          @Nullable Set<String> channels,
      @Option(names = "--user", paramLabel = "USER", description = "For another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "filter", filter);
    put(body, "ownChanges", own ? true : null);
    put(body, "level", level);
    put(body, "types", types);
    put(body, "channels", channels);
    put(body, "user", user);
    if (targets.size() == 1) {
      body.put("target", targets.getFirst());
      out().println("watch " + server.client().post("/api/watches", body).as(Watch.class));
      return ExitCode.OK;
    }
    return addAll(server.client(), targets, body);
  }

  /** As many as the platform takes in one call. */
  private static final int AT_ONCE = 1_000;

  private int addAll(ApiClient client, List<String> targets, Map<String, Object> wish) {
    int created = 0;
    int standing = 0;
    boolean failed = false;
    for (int from = 0; from < targets.size(); from += AT_ONCE) {
      List<String> some = targets.subList(from, Math.min(targets.size(), from + AT_ONCE));
      List<Map<String, Object>> watches = new ArrayList<>();
      for (String target : some) {
        Map<String, Object> one = new LinkedHashMap<>(wish);
        one.put("target", target);
        watches.add(one);
      }
      JsonNode added = client.post("/api/watches/bulk", Map.of("watches", watches)).document();
      created += added.get("created").asInt();
      standing += added.get("standing").asInt();
      for (JsonNode one : added.get("failed")) {
        failed = true;
        int index = one.get("index").asInt();
        int count = one.path("count").asInt(1);
        err()
            .printf(
                "not watched: %s%s: %s%n",
                some.get(index),
                count == 1 ? "" : " and %d after it".formatted(count - 1),
                one.get("detail").asString());
      }
    }
    out().printf("%d watches added, %d stood before%n", created, standing);
    out().flush();
    return failed ? ExitCode.FINDINGS : ExitCode.OK;
  }

  @Command(description = "Lists your watches.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    List<JsonNode> found = WatchAnswers.documents(server.client(), Optional.ofNullable(user));
    if (format == Format.JSON) {
      out()
          .println(
              JsonMapper.shared()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(Map.of("items", found)));
      return ExitCode.OK;
    }
    List<Watch> watches = found.stream().map(Watch::of).toList();
    watches.forEach(out()::println);
    if (watches.isEmpty()) {
      out().println("No watches. Add one: troth watch add record/1");
    }
    return ExitCode.OK;
  }

  @Command(
      description = "Ends watches, named by their ids or targets.",
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(arity = "1..*", paramLabel = "WATCH", description = "Ids or targets.")
          List<String> names,
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    ApiClient client = server.client();
    List<Watch> standing = WatchAnswers.watches(client, Optional.ofNullable(user));
    for (String name : names) {
      long id = find(standing, name);
      client.delete("/api/watches/" + id);
      out().println("removed watch " + id + " (" + name + ")");
    }
    return ExitCode.OK;
  }

  @Command(
      description = "Mutes a watch until a time; critical changes pass.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int mute(
      @Parameters(paramLabel = "WATCH", description = "Its id or target.") String name,
      @Option(
              names = "--until",
              paramLabel = "TIME",
              required = true,
              description = "Such as 2026-01-31T12:00:00Z.")
          String until,
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    requireTime(until);
    ApiClient client = server.client();
    long id = find(WatchAnswers.watches(client, Optional.ofNullable(user)), name);
    Map<String, Object> body = Map.of("until", until);
    out().println("watch " + client.post("/api/watches/" + id + "/mute", body).as(Watch.class));
    return ExitCode.OK;
  }

  private static void requireTime(String until) {
    try {
      var _ = Instant.parse(until);
    } catch (DateTimeException e) {
      throw CommandException.usage(
          "--until is '%s', expected a time such as 2026-01-31T12:00:00Z".formatted(until));
    }
  }

  @Command(description = "Ends a mute.", mixinStandardHelpOptions = true)
  int unmute(
      @Parameters(paramLabel = "WATCH", description = "Its id or target.") String name,
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    ApiClient client = server.client();
    long id = find(WatchAnswers.watches(client, Optional.ofNullable(user)), name);
    out().println("watch " + client.delete("/api/watches/" + id + "/mute").as(Watch.class));
    return ExitCode.OK;
  }

  private static long find(List<Watch> standing, String name) {
    for (Watch watch : standing) {
      if (Long.toString(watch.id()).equals(name) || watch.target().equals(name)) {
        return watch.id();
      }
    }
    throw CommandException.usage(
        "watch is '%s', expected the id or target of one of your %d watches"
            .formatted(name, standing.size()));
  }

  @Command(description = "Shows what you were told.", mixinStandardHelpOptions = true)
  int inbox(
      @Option(names = "--all", description = "Also what is done.") boolean all,
      @Option(names = "--read", description = "Marks all read after showing it.") boolean read,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "At most this many (default: ${DEFAULT-VALUE}).")
          int limit,
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    ApiClient client = server.client();
    String state = all ? "all" : "inbox";
    String whose = query(user).replace('?', '&');
    ApiClient.Answer answer =
        client.get("/api/inbox?limit=%d&state=%s%s".formatted(limit, state, whose));
    Inbox inbox = answer.as(Inbox.class);
    if (format == Format.JSON) {
      out().println(answer.document().toPrettyString());
    } else {
      inbox.all().forEach(out()::println);
      out().printf("%d unread%n", inbox.unread());
      out().flush();
    }
    if (read) {
      inbox
          .newest()
          .ifPresent(upto -> client.post("/api/inbox/read?upto=" + upto + whose, Map.of()));
    }
    return ExitCode.OK;
  }

  @Command(
      name = "import",
      description = "Imports records and watchers from the original design's SQLite file.",
      mixinStandardHelpOptions = true)
  int importFile(
      @Parameters(paramLabel = "FILE.db", description = "The SQLite file.") Path file,
      @Mixin ServerOptions server) {
    OriginalSource original = OriginalSource.read(file);
    OriginalImport done = new OriginalImport(server.client(), original);
    done.run();
    done.skipped().forEach(row -> err().println("not imported: " + row));
    out().println(done.summary());
    out().flush();
    return done.skipped().isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  @Command(
      name = "dead-letters",
      description = "Lists what could not be delivered.",
      mixinStandardHelpOptions = true)
  int deadLetters(
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    ApiClient.Answer answer = server.client().get("/api/deliveries" + query(user));
    List<DeadLetter> letters = answer.as(DeadLetters.class).items();
    if (format == Format.JSON) {
      out().println(answer.document().toPrettyString());
    } else {
      letters.forEach(out()::println);
      out().printf("%d dead letters%n", letters.size());
    }
    out().flush();
    return letters.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  @Command(
      description = "Delivers dead letters again: those named, or all of a range or channel.",
      mixinStandardHelpOptions = true)
  int replay(
      @Parameters(arity = "0..*", paramLabel = "KEY", description = "Keys of dead letters.")
          @Nullable List<String> keys,
      @Option(names = "--after", paramLabel = "SEQ", description = "Only changes after this one.")
          @Nullable Long after,
      @Option(names = "--before", paramLabel = "SEQ", description = "Only changes before this one.")
          @Nullable Long before,
      @Option(names = "--channel", paramLabel = "NAME", description = "Only of this channel.")
          @Nullable String channel,
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    ApiClient client = server.client();
    int count = 0;
    if (keys != null && !keys.isEmpty()) {
      for (String key : keys) {
        count += replayed(client.post("/api/deliveries/" + encode(key) + "/replay", Map.of()));
      }
    } else {
      String query =
          Stream.of(
                  parameter("after", after),
                  parameter("before", before),
                  parameter("channel", channel),
                  parameter("user", user))
              .flatMap(Optional::stream)
              .collect(Collectors.joining("&"));
      count = replayed(client.post("/api/deliveries/replay?" + query, Map.of()));
    }
    out().printf("%d dead letters are delivered again%n", count);
    out().flush();
    return ExitCode.OK;
  }

  private static int replayed(ApiClient.Answer answer) {
    return answer.as(Replayed.class).replayed();
  }

  private static Optional<String> parameter(String name, @Nullable Object value) {
    return Optional.ofNullable(value).map(given -> name + "=" + encode(given.toString()));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String query(@Nullable String user) {
    return user == null ? "" : "?user=" + encode(user);
  }

  private static void put(Map<String, Object> body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }

  private PrintWriter err() {
    return requireNonNull(spec).commandLine().getErr();
  }
}
