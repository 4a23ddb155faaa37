package dev.troth.server.ops;

/**
 * A piece of the platform that is started once, and stopped once after everything later than it.
 */
public interface Lifecycle {
  /** What an operator calls it, in logs and errors. */
  String name();

  /** Begins work; when it throws, the platform does not start and earlier parts are stopped. */
  void start();

  /** Ends work within ten seconds; does not throw for what the outside does. */
  void stop();
}
