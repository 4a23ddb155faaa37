package dev.troth.server.console;

import java.util.Optional;

/** Logins of browsers, as the console's forms open and end them. */
public interface SignIn {
  /**
   * Opens a login.
   *
   * @param https whether the page came over TLS
   * @return the {@code Set-Cookie} header that carries it
   * @throws dev.troth.server.http.ProblemException if the token does not hold
   */
  String open(String token, boolean https);

  /** Ends the login of a session cookie; gives the {@code Set-Cookie} header that removes it. */
  String end(Optional<String> session, boolean https);
}
