package dev.troth.server.http;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** The HTTP face of one system: adds its paths to a listener. */
@FunctionalInterface
public interface Routes {
  /** Adds the paths; called once, before the listener opens. Give each a full path. */
  void addTo(HttpRules rules);

  /**
   * Answers a request that no route takes, in place of a problem document, or leaves it alone.
   *
   * @return whether it was answered
   */
  default boolean answersLost(ServerRequest request, ServerResponse response) {
    return false;
  }
}
