package dev.troth.server.endpoint;

import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.Outcome;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** A channel that can look up what a message needs before it is sent, for many in one read. */
public interface PreparedChannel extends Channel {
  /**
   * What sends a notification, once; {@link #deliver(Notification)} is both. The reads happen here
   * and nothing is sent, the sending reads nothing and never throws for what the outside does.
   */
  Supplier<Outcome> prepare(Handle handle, Notification notification);
}
