package dev.troth.server.channel;

import dev.troth.server.endpoint.Links;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Condition;
import dev.troth.watch.change.Headline;
import dev.troth.watch.delivery.Digest;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.NotificationKey;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is written to one address. */
public sealed interface Letter {
  /** The same at each attempt. */
  NotificationKey key();

  /** It in one line for people. */
  String title();

  /**
   * Somebody is told of a change.
   *
   * @param links asked by the channels that write links alone
   * @param wording how its user reads messages
   */
  record Told(Notification notification, Links links, Wording wording) implements Letter {
    private static final int MOST_FIELDS = 20;
    private static final int LONGEST_VALUE = 300;

    /** A line of a list: what, and its value; neither can begin another line or turn its text. */
    record Line(String name, String value) {
      private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

      Line {
        name = CONTROLS.matcher(name).replaceAll(" ");
        value = CONTROLS.matcher(value).replaceAll(" ");
      }
    }

    @Override
    public NotificationKey key() {
      return notification.key();
    }

    @Override
    public String title() {
      return wording.title().orElseGet(() -> Headline.of(notification.change()));
    }

    /** Whether something begins or ends, for channels that open and close alerts. */
    Condition condition() {
      return Condition.of(notification.change());
    }

    /** Facts and fields as plain lines, for channels without a form of their own. */
    String text() {
      return Stream.concat(facts().stream(), fields().stream())
          .map(line -> line.name() + ": " + line.value())
          .collect(Collectors.joining("\n"));
    }

    /** Where the subject can be seen. */
    URI open() {
      return links.open(notification.change().subject());
    }

    /** Takes this channel off the watch. */
    URI stop() {
      return links.to(
          new Links.Deed.Unsubscribe(notification.watch().id(), notification.channel()));
    }

    /** What was changed, by whom, when, and why it is told. */
    List<Line> facts() {
      Change change = notification.change();
      return List.of(
          new Line("Subject", change.subject().toString()),
          new Line("Change", "%s, version %d".formatted(change.type(), change.version())),
          new Line("By", change.actor()),
          new Line("At", wording.time().apply(change.at())),
          new Line(
              "Why",
              "your watch of %s (%s)"
                  .formatted(notification.watch().target(), notification.reason())));
    }

    /** The fields that differ, each with what was, if anything, and what is; the first of many. */
    List<Line> fields() {
      Change change = notification.change();
      return change.changed().stream()
          .limit(MOST_FIELDS)
          .map(field -> new Line(field, value(change, field)))
          .toList();
    }

    private static String value(Change change, String field) {
      Object before = change.before().values().get(field);
      String after = brief(change.after().values().get(field));
      return before == null ? after : brief(before) + " → " + after;
    }

    private static String brief(@Nullable Object value) {
      String text = value == null ? "none" : String.valueOf(value).replaceAll("\\s+", " ");
      return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE - 1) + "…" : text;
    }
  }

  /**
   * Somebody is told of several changes at once.
   *
   * @param links asked where the inbox is
   * @param wording how its user reads messages
   */
  record Several(Digest digest, Links links, Wording wording) implements Letter {
    private static final int MOST_LINES = 50;

    @Override
    public NotificationKey key() {
      return digest.key();
    }

    @Override
    public String title() {
      long subjects =
          digest.notifications().stream().map(one -> one.change().subject()).distinct().count();
      return "%d changes of %d %s"
          .formatted(
              digest.notifications().size(), subjects, subjects == 1 ? "subject" : "subjects");
    }

    /** Each change in a line, the most urgent first; the first of many, and how many more. */
    List<Told.Line> lines() {
      List<Notification> all =
          digest.notifications().stream()
              .sorted(Comparator.comparing(one -> one.change().what().urgent() ? 0 : 1))
              .toList();
      Stream<Told.Line> lines =
          all.stream()
              .limit(MOST_LINES)
              .map(one ->
                  new Told.Line(
                      wording.time().apply(one.change().at()), Headline.of(one.change())));
      int more = all.size() - MOST_LINES;
      Stream<Told.Line> rest =
          more > 0
              ? Stream.of(new Told.Line("More", "%d others stand in the inbox".formatted(more)))
              : Stream.empty();
      return Stream.concat(lines, rest).toList();
    }

    /** The lines as plain text. */
    String text() {
      return lines().stream()
          .map(line -> line.name() + ": " + line.value())
          .collect(Collectors.joining("\n"));
    }

    /** Where all of it stands. */
    URI open() {
      return links.page("/inbox");
    }

    /** Takes this channel off all watches of its user: a digest may be of any of them. */
    URI stop() {
      return links.to(new Links.Deed.UnsubscribeAll(digest.user(), digest.channel()));
    }

    /** Where it is changed how much is sent. */
    URI settings() {
      return links.page("/settings");
    }
  }

  /** Somebody tries an address of theirs. */
  record Test(NotificationKey key) implements Letter {
    @Override
    public String title() {
      return "A test from Troth";
    }
  }

  /**
   * Whoever reads at an address is asked whether they want that.
   *
   * @param user who added the address
   * @param link what confirms, until a time
   */
  record Confirmation(NotificationKey key, String user, URI link, Instant until) implements Letter {
    @Override
    public String title() {
      return "Confirm this address for Troth";
    }
  }
}
