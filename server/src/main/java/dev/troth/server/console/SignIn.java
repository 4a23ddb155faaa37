package dev.troth.server.console;

/** Sessions of browsers, as the console's forms open and end them. */
public interface SignIn {
  /** Where authentication is off: everybody is in already. */
  SignIn NONE =
      new SignIn() {
        @Override
        public String open(String token) {
          return end();
        }

        @Override
        public String end() {
          return "troth-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict";
        }
      };

  /**
   * Opens a session.
   *
   * @return the {@code Set-Cookie} header that carries it
   * @throws dev.troth.server.http.ProblemException if the token does not hold
   */
  String open(String token);

  /** The {@code Set-Cookie} header that ends a session. */
  String end();
}
