package dev.troth.server.channel;

import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The simplest way to tell someone: a line in the platform's log. */
public final class ConsoleChannel implements Channel {
  public static final String NAME = "console";
  private static final Logger LOG = System.getLogger("troth.notify");

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
    LOG.log(
        Level.INFO,
        "notify {0}: {1} version {2} {3} by {4} (change {5}, {6}, {7})",
        notification.watch().user(),
        notification.change().subject(),
        Long.toString(notification.change().version()),
        notification.change().type(),
        notification.change().actor(),
        Long.toString(notification.change().seq()),
        notification.reason(),
        notification.key());
    return new Outcome.Delivered("logged");
  }
}
