package dev.troth.server.http;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Right;
import dev.troth.server.auth.Role;
import io.helidon.webserver.http.ServerRequest;

/** The caller of a request, as the listener's filter found it. */
public final class Callers {
  private Callers() {}

  /**
   * By which address the sender of a request is known, whoever they are.
   *
   * @param name an IPv4 address, or the network of an IPv6 address
   */
  public record Address(String name) {}

  /** From where the request comes. */
  public static String address(ServerRequest request) {
    return request
        .context()
        .get(Address.class)
        .map(Address::name)
        .orElseThrow(() -> new IllegalStateException("the listener's filter has not run"));
  }

  /** Who sent the request; 401 if nobody has been identified. */
  public static Caller of(ServerRequest request) {
    return request
        .context()
        .get(Caller.class)
        .orElseThrow(() -> Problem.of(401, "log in or send a token").toException());
  }

  /** The right by which the request runs; 401 if nobody has been identified. */
  public static Right right(ServerRequest request) {
    return request
        .context()
        .get(Right.class)
        .orElseThrow(() -> Problem.of(401, "log in or send a token").toException());
  }

  /** Who sent the request, if their role includes the one needed; else 403. */
  public static Caller require(ServerRequest request, Role needed) {
    Caller caller = of(request);
    caller.require(needed);
    return caller;
  }

  /** Who sent the request, if they may see and change what belongs to the user; else 403. */
  public static Caller requireFor(ServerRequest request, String user) {
    Caller caller = of(request);
    caller.requireFor(user);
    return caller;
  }
}
