package dev.troth.server.slo;

import dev.troth.slo.alert.Event;
import org.jdbi.v3.core.Handle;

/** Tells watchers of an event, within the transaction that stores what it says. */
@FunctionalInterface
public interface Teller {
  void tell(Handle handle, Event event);
}
