package dev.troth.server.ops;

import java.time.Instant;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Many messages of one logger, said together: {@link JsonLog} writes them with one call to the
 * system. Other handlers hear of them one by one.
 */
public final class LogLines {
  private final Logger logger;

  /** Lines of a logger. */
  public LogLines(String name) {
    logger = Logger.getLogger(name);
  }

  /** Says all of them, as of now. */
  public void say(List<String> messages) {
    if (messages.isEmpty() || !logger.isLoggable(Level.INFO)) {
      return;
    }
    Instant now = Instant.now();
    List<LogRecord> events = messages.stream().map(message -> event(message, now)).toList();
    for (Logger at = logger; at != null; at = at.getUseParentHandlers() ? at.getParent() : null) {
      for (Handler handler : at.getHandlers()) {
        if (handler instanceof JsonLog log) {
          log.publish(events);
        } else {
          events.forEach(handler::publish);
        }
      }
    }
  }

  private LogRecord event(String message, Instant now) {
    LogRecord event = new LogRecord(Level.INFO, message);
    event.setLoggerName(logger.getName());
    event.setInstant(now);
    return event;
  }
}
