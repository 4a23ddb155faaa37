package dev.troth.server.channel;

import dev.troth.watch.change.Change;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The simplest way to tell someone: a line in the platform's log. */
public final class ConsoleChannel implements Channel {
  public static final String NAME = "console";
  private static final Logger LOG = System.getLogger("troth.notify");
  private static final Outcome LOGGED = new Outcome.Delivered("logged");

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
    LOG.log(
        Level.INFO,
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
}
