package dev.troth.server.channel;

import dev.troth.server.ops.LogLines;
import dev.troth.watch.change.Change;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * The simplest way to tell someone: a line in the platform's log. The lines of a page are written
 * together. Used by one thread.
 */
public final class ConsoleChannel implements Channel {
  public static final String NAME = "console";
  private static final Outcome LOGGED = new Outcome.Delivered("logged");

  private final LogLines log = new LogLines("troth.notify");
  private final List<String> gathered = new ArrayList<>();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean isDirect() {
    return true;
  }

  @Override
  public Outcome deliver(Notification notification) {
    Change change = notification.change();
    // Change and watch say which notification it is, and cost no hash; nor does anything parse a
    // format.
    gathered.add(
        "notify "
            + notification.watch().user()
            + ": "
            + change.subject()
            + " version "
            + change.version()
            + " "
            + change.type()
            + " by "
            + change.actor()
            + " (change "
            + change.seq()
            + ", watch "
            + notification.watch().id()
            + ", "
            + notification.reason()
            + ")");
    return LOGGED;
  }

  @Override
  public void flush() {
    List<String> lines = List.copyOf(gathered);
    gathered.clear();
    log.say(lines);
  }
}
