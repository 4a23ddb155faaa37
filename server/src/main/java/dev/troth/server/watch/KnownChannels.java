package dev.troth.server.watch;

import java.util.SortedSet;
import org.jdbi.v3.core.Handle;

/** Knows the names of the channels that reach a user. */
@FunctionalInterface
public interface KnownChannels {
  SortedSet<String> of(Handle handle, String user);
}
