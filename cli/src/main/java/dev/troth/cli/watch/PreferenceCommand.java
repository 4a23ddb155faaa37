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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code troth watch preference}: when a user is told, on which channels, and how much at once. */
@Command(
    name = "preference",
    description = "When a user is notified, on which channels, and how much at once.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PreferenceCommand implements Runnable {
  private static final String PATH = "/api/preferences";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a sub-command is missing, expected list, set, remove or person");
  }

  /** An option that is on or off. */
  enum Switch {
    ON,
    OFF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Command(description = "Shows a user's terms.", mixinStandardHelpOptions = true)
  int list(
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Format format,
      @Mixin ServerOptions server) {
    String whose = user == null ? "" : "?user=" + encode(user);
    ApiClient.Answer answer = server.client().get(PATH + whose);
    if (format == Format.JSON) {
      out().println(answer.document().toPrettyString());
    } else {
      print(answer.document());
    }
    out().flush();
    return ExitCode.OK;
  }

  @Command(
      description = "Sets the preference for a scope on a channel; it replaces the former one.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int set(
      @Option(
              names = "--scope",
              paramLabel = "SCOPE",
              defaultValue = "all",
              description = "all, type:TYPE or watch:TARGET (default: ${DEFAULT-VALUE}).")
          String scope,
      @Option(
              names = "--channel",
              paramLabel = "NAME",
              defaultValue = "*",
              description = "webhook/ops, webhook, or * for every one (default: ${DEFAULT-VALUE}).")
          String channel,
      @Option(
              names = "--quiet",
              paramLabel = "HOURS",
              description = "Hours in which messages wait, as 22:00-07:00, or off.")
          @Nullable String quiet,
      @Option(
              names = "--digest",
              paramLabel = "WHEN",
              description = "One message at the end of 15m, 1h, 24h, 'cron 0 8 * * 1-5', or off.")
          @Nullable String digest,
      @Option(
              names = "--collapse",
              paramLabel = "on|off",
              description = "Whether a digest has the newest change of each subject alone.")
          @Nullable Switch collapse,
      @Option(
              names = "--limit",
              paramLabel = "N/TIME",
              description = "The most messages in a period, as 20/1h, or off.")
          @Nullable String limit,
      @Option(
              names = "--pages",
              paramLabel = "on|off",
              description = "Whether urgent changes pass all of this (they do).")
          @Nullable Switch pages,
      @Option(names = "--send", paramLabel = "on|off", description = "Whether anything is sent.")
          @Nullable Switch send,
      @Option(
              names = "--mute-until",
              paramLabel = "TIME",
              description = "Sends nothing before a time such as 2026-01-31T12:00:00Z.")
          @Nullable String mutedUntil,
      @Option(
              names = "--title",
              paramLabel = "TEMPLATE",
              description = "How titles are worded, as '{headline} at {at}'; see template preview.")
          @Nullable String title,
      @Option(names = "--user", paramLabel = "USER", description = "For another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "title", title);
    put(body, "quiet", quiet);
    put(body, "digest", digest);
    put(body, "collapse", on(collapse));
    put(body, "limit", limit);
    put(body, "pages", on(pages));
    put(body, "send", on(send));
    put(body, "mutedUntil", mutedUntil);
    if (body.isEmpty()) {
      throw CommandException.usage("expected at least one option that says something, or remove");
    }
    body.put("scope", scope);
    body.put("channel", channel);
    put(body, "user", user);
    print(server.client().put(PATH, body).document());
    out().flush();
    return ExitCode.OK;
  }

  @Command(description = "Removes a preference.", mixinStandardHelpOptions = true)
  int remove(
      @Option(
              names = "--scope",
              paramLabel = "SCOPE",
              defaultValue = "all",
              description = "all, type:TYPE or watch:TARGET (default: ${DEFAULT-VALUE}).")
          String scope,
      @Option(
              names = "--channel",
              paramLabel = "NAME",
              defaultValue = "*",
              description = "The channel, or * (default: ${DEFAULT-VALUE}).")
          String channel,
      @Option(names = "--user", paramLabel = "USER", description = "Of another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    String whose = user == null ? "" : "&user=" + encode(user);
    var _ =
        server
            .client()
            .delete(
                "%s?scope=%s&channel=%s%s".formatted(PATH, encode(scope), encode(channel), whose));
    out().printf("removed the preference for %s on %s%n", scope, channel);
    out().flush();
    return ExitCode.OK;
  }

  @Command(
      description = "Says where a user lives, and whether they watch the records they create.",
      mixinStandardHelpOptions = true)
  int person(
      @Option(names = "--zone", paramLabel = "ZONE", description = "Such as Europe/Oslo.")
          @Nullable String zone,
      @Option(names = "--locale", paramLabel = "TAG", description = "Such as en-GB or nb-NO.")
          @Nullable String locale,
      @Option(
              names = "--autowatch",
              paramLabel = "on|off",
              description = "Whether they watch the records that they create.")
          @Nullable Switch autowatch,
      @Option(names = "--user", paramLabel = "USER", description = "For another user (admin).")
          @Nullable String user,
      @Mixin ServerOptions server) {
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "zone", zone);
    put(body, "locale", locale);
    put(body, "autowatch", on(autowatch));
    if (body.isEmpty()) {
      throw CommandException.usage("expected --zone, --locale or --autowatch");
    }
    put(body, "user", user);
    print(server.client().patch(PATH, body).document());
    out().flush();
    return ExitCode.OK;
  }

  private void print(JsonNode terms) {
    out()
        .printf(
            "%s lives in %s and %s the records they create%n",
            terms.get("user").asString(),
            terms.get("zone").asString(),
            terms.get("autowatch").asBoolean() ? "watches" : "does not watch");
    for (JsonNode item : terms.get("items")) {
      StringJoiner says = new StringJoiner("  ");
      for (Map.Entry<String, JsonNode> term : item.properties()) {
        if (!term.getKey().equals("scope") && !term.getKey().equals("channel")) {
          says.add(term.getKey() + " " + term.getValue().asString());
        }
      }
      out()
          .printf(
              "%s on %s:  %s%n",
              item.get("scope").asString(), item.get("channel").asString(), says);
    }
  }

  private static @Nullable Object on(@Nullable Switch value) {
    return value == null ? null : value == Switch.ON;
  }

  private static void put(Map<String, Object> body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private PrintWriter out() {
    return requireNonNull(spec).commandLine().getOut();
  }
}
