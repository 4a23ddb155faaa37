package dev.troth.cli.watch;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Format;
import dev.troth.cli.command.ServerOptions;
import dev.troth.cli.watch.WatchAnswers.Watch;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth watch why}: why a user was, or was not, told of a change. */
@Command(
    name = "why",
    description = "Says why a user was, or was not, told of a change.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class WhyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--change",
      paramLabel = "SEQ",
      required = true,
      description = "The change's number, as the inbox and histories show it.")
  private long change;

  @Option(names = "--user", paramLabel = "USER", description = "Another user (admin).")
  private @Nullable String user;

  @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
  private @Nullable Format format;

  @Mixin private final ServerOptions server = new ServerOptions();

  /** The platform's answer. */
  private record Why(
      long seq,
      String subject,
      String title,
      String user,
      boolean told,
      String rule,
      String explanation,
      @Nullable Watch watch,
      @Nullable List<Way> channels) {}

  /** How the user was told on one channel. */
  private record Way(
      String channel,
      String state,
      String detail,
      @Nullable Address endpoint,
      @Nullable List<Attempt> attempts) {}

  /** An address as it stands now. */
  private record Address(long id, String state, @Nullable String note) {}

  /** What was tried. */
  private record Attempt(int number, String at, String outcome, @Nullable String note) {}

  @Override
  public Integer call() {
    if (change < 1) {
      throw CommandException.usage("--change is %d, expected a number from 1".formatted(change));
    }
    String whose = user == null ? "" : "?user=" + URLEncoder.encode(user, StandardCharsets.UTF_8);
    ApiClient.Answer answer = server.client().get("/api/changes/" + change + "/why" + whose);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (format == Format.JSON) {
      out.println(answer.document().toPrettyString());
    } else {
      print(out, answer.as(Why.class));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static void print(PrintWriter out, Why why) {
    out.printf("change %d  %s  %s%n", why.seq(), why.subject(), why.title());
    out.printf(
        "%s was %s: %s (%s)%n",
        why.user(), why.told() ? "told" : "not told", why.explanation(), why.rule());
    if (why.watch() != null) {
      out.println("watch " + why.watch());
    }
    for (Way way : listed(why.channels())) {
      out.printf("  %-14s %-10s %s%n", way.channel(), way.state(), way.detail());
      for (Attempt attempt : listed(way.attempts())) {
        out.printf(
            "    attempt %d  %s  %s  %s%n",
            attempt.number(), attempt.at(), attempt.outcome(), said(attempt.note()));
      }
      Address address = way.endpoint();
      if (address != null) {
        String note = said(address.note());
        out.printf(
            "    address %d is %s%s%n",
            address.id(), address.state(), note.isEmpty() ? "" : ": " + note);
      }
    }
  }

  private static String said(@Nullable String note) {
    return note == null ? "" : note;
  }

  private static <T> List<T> listed(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
