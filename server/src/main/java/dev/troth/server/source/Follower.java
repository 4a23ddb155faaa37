package dev.troth.server.source;

import java.io.Closeable;

/** Takes what one source sends, until it is closed by another thread or fails. */
interface Follower extends Closeable {
  void run();

  /** Ends {@link #run} soon. */
  @Override
  void close();
}
