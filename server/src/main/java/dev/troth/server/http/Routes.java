package dev.troth.server.http;

import io.helidon.webserver.http.HttpRules;

/** The HTTP face of one system: adds its paths to a listener. */
@FunctionalInterface
public interface Routes {
  /** Adds the paths; called once, before the listener opens. Give each a full path. */
  void addTo(HttpRules rules);
}
