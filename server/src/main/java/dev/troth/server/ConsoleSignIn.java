package dev.troth.server;

import dev.troth.server.console.SignIn;
import dev.troth.server.identity.Logins;
import java.util.Optional;

/** The platform's logins, as the console's forms open and end them. */
final class ConsoleSignIn implements SignIn {
  private final Logins logins;

  ConsoleSignIn(Logins logins) {
    this.logins = logins;
  }

  @Override
  public String open(String token, boolean https) {
    return logins.open(token, https).cookie();
  }

  @Override
  public String end(Optional<String> session, boolean https) {
    return logins.end(session, https);
  }
}
