package dev.troth.observe.log;

import dev.troth.observe.discovery.Target;
import java.util.Optional;

/**
 * A line that a target wrote.
 *
 * @param time when it began to be written, nanoseconds since 1970
 * @param cut whether there was more of it
 * @param request the request that the thread was certainly handling
 */
public record LogLine(
    Target target, long time, String text, Source source, boolean cut, Optional<Request> request) {

  /**
   * Where it was written to.
   *
   * @param stream {@code stdout} or {@code stderr}; empty for another file
   * @param path of another file; empty if it is not known
   */
  public record Source(String stream, String path) {}

  /** The ids of the span of a request. */
  public record Request(long traceHigh, long traceLow, long span) {}
}
