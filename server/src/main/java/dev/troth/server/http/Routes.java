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
   * Answers in its own words what was refused before a route or without one, in place of a problem
   * document, or leaves it alone.
   *
   * @return whether it was answered
   */
  default boolean answersProblem(ServerRequest request, ServerResponse response, Problem problem) {
    return false;
  }
}
