package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.ServerOptions;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code troth watch}: watches, the inbox, and the import of the original's database. */
@Command(
    name = "watch",
    description = "Watches subjects and reads what was told.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class WatchCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec self = requireNonNull(spec);
    throw new ParameterException(
        self.commandLine(),
        "a sub-command is missing, expected add, list, remove, inbox, import, dead-letters or replay");
  }

  @Command(
      description = "Watches a target: type/id, type/* or *.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int add(
      @Parameters(paramLabel = "TARGET", description = "What to watch, such as record/1, order/*.")
          String target,
      @Option(
              names = "--filter",
              paramLabel = "CONDITION",
              description =
                  "Only changes for which this holds, in CEL: 'price < 10 && changed(price)'.")
          @Nullable String filter,
      @Option(names = "--own", description = "Tells of the user's own changes as well.")
          boolean own,
      @Option(
              names = "--level",
              paramLabel = "LEVEL",
              description = "none, participating, all (default), custom or ignore.")
          @Nullable String level,
      @Option(
              names = "--type",
              paramLabel = "TYPE",
              description = "A change type to hear of; may be repeated; means level custom.")
          @Nullable Set<String> types,
      @Option(
              names = "--channel",
              paramLabel = "NAME",
              description = "A channel beside the inbox, such as console; may be repeated.")
          @Nullable Set<String> channels,
      @Option(names = "--user", paramLabel = "USER", description = "For another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("target", target);
    put(body, "filter", filter);
    put(body, "ownChanges", own ? true : null);
    put(body, "level", level);
    put(body, "types", types);
    put(body, "channels", channels);
    put(body, "user", user);
    JsonNode watch = server.client().post("/api/watches", body);
    out().println("watch " + line(watch));
    return ExitCode.OK;
  }

  @Command(description = "Lists your watches.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    JsonNode answer = server.client().get("/api/watches" + query(user));
    if (format == Format.JSON) {
      out().println(answer.toPrettyString());
      return ExitCode.OK;
    }
    for (JsonNode watch : answer.path("items")) {
      out().println(line(watch));
    }
    if (answer.path("items").isEmpty()) {
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
    JsonNode standing = client.get("/api/watches" + query(user)).path("items");
    for (String name : names) {
      long id = find(standing, name);
      client.delete("/api/watches/" + id);
      out().println("removed watch " + id + " (" + name + ")");
    }
    return ExitCode.OK;
  }

  private static long find(JsonNode standing, String name) {
    for (JsonNode watch : standing) {
      if (watch.path("id").asString().equals(name)
          || watch.path("target").asString().equals(name)) {
        return watch.path("id").asLong();
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
              description = "At most so many (default: ${DEFAULT-VALUE}).")
          int limit,
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    ApiClient client = server.client();
    String state = all ? "all" : "inbox";
    String whose = query(user).replace('?', '&');
    JsonNode inbox = client.get("/api/inbox?limit=%d&state=%s%s".formatted(limit, state, whose));
    if (format == Format.JSON) {
      out().println(inbox.toPrettyString());
    } else {
      show(inbox);
    }
    if (read && !inbox.path("items").isEmpty()) {
      String upto = inbox.path("items").get(0).path("id").asString();
      client.post("/api/inbox/read?upto=" + upto + whose, Map.of());
    }
    return ExitCode.OK;
  }

  private void show(JsonNode inbox) {
    for (JsonNode item : inbox.path("items")) {
      String sign = item.path("state").asString().equals("unread") ? "*" : " ";
      out()
          .printf(
              "%s %6s  %-19s %-14s %s%n",
              sign,
              item.path("id").asString(),
              item.path("at").asString().replace('T', ' ').replaceFirst("(\\.\\d+)?Z$", ""),
              item.path("reason").asString(),
              item.path("title").asString());
    }
    out().printf("%d unread%n", inbox.path("unread").asInt());
    out().flush();
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
    JsonNode answer = server.client().get("/api/deliveries" + query(user));
    if (format == Format.JSON) {
      out().println(answer.toPrettyString());
      return answer.path("items").isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
    }
    for (JsonNode letter : answer.path("items")) {
      out()
          .printf(
              "%s  change %s  %s version %s  %s  %s attempts: %s%n",
              letter.path("key").asString(),
              letter.path("seq").asString(),
              letter.path("subject").asString(),
              letter.path("version").asString(),
              letter.path("channel").asString(),
              letter.path("attempts").asString(),
              letter.path("note").asString());
    }
    out().printf("%d dead letters%n", answer.path("items").size());
    out().flush();
    return answer.path("items").isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
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
      StringBuilder path = new StringBuilder("/api/deliveries/replay?");
      append(path, "after", after);
      append(path, "before", before);
      append(path, "channel", channel);
      append(path, "user", user);
      count = replayed(client.post(path.toString(), Map.of()));
    }
    out().printf("%d dead letters are delivered again%n", count);
    out().flush();
    return ExitCode.OK;
  }

  private static int replayed(JsonNode answer) {
    return answer.path("replayed").asInt();
  }

  private static void append(StringBuilder path, String name, @Nullable Object value) {
    if (value != null) {
      path.append(name).append('=').append(encode(value.toString())).append('&');
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** How answers are printed. */
  enum Format {
    TEXT,
    JSON
  }

  private static String line(JsonNode watch) {
    StringBuilder line = new StringBuilder();
    line.append(watch.path("id").asString()).append("  ").append(watch.path("target").asString());
    line.append("  ").append(watch.path("level").asString());
    for (JsonNode type : watch.path("types")) {
      line.append(' ').append(type.asString());
    }
    if (!watch.path("filter").asString("").isEmpty()) {
      line.append("  if ").append(watch.path("filter").asString());
    }
    line.append("  →");
    for (JsonNode channel : watch.path("channels")) {
      line.append(' ').append(channel.asString());
    }
    line.append("  (").append(watch.path("user").asString()).append(')');
    if (watch.path("ownChanges").asBoolean(false)) {
      line.append("  own changes too");
    }
    if (watch.has("mutedUntil")) {
      line.append("  muted until ").append(watch.path("mutedUntil").asString());
    }
    return line.toString();
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
