package dev.troth.orders.api;

import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.KeyFile;
import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;

/** Lets a request to its route when gate finds its bearer token genuine; else answers 401. */
final class Doorkeeper {
  /** What a token must be for: one for another service does not open this one. */
  static final String AUDIENCE = "orders";

  private static final String SCHEME = "bearer ";
  private static final Logger LOG = System.getLogger("gate");

  private final Gate gate;

  private Doorkeeper(Gate gate) {
    this.gate = gate;
  }

  /** With the keys of a file, which is read again when it changes. */
  static Doorkeeper of(Path keys) {
    InstantSource clock = InstantSource.system();
    KeyFile source =
        KeyFile.ofSecrets(
            keys, EnumSet.of(Algorithm.HS256), clock, words -> LOG.log(Level.WARNING, words));
    Policy policy = Policy.DEFAULT.withAudiences(AUDIENCE).withRequired("exp", "sub");
    return new Doorkeeper(new Gate(source, policy, Gate.javaEngine(), clock));
  }

  /** The route behind the door. */
  Route guard(Route route) {
    return new Route(route.method(), route.template(), request -> answer(request, route.action()));
  }

  private Reply answer(Request request, Route.Action action) throws Exception {
    Reason reason = verdict(request).reason();
    if (reason == Reason.VALID) {
      return action.answer(request);
    }
    boolean missing = reason == Reason.TOKEN_MISSING;
    String detail =
        missing
            ? "the request has no token, expected the header Authorization: Bearer TOKEN"
            : "the token is refused: %s (%s)".formatted(reason.wording(), reason.code());
    // RFC 6750 §3: without a token, nothing but how to come by one.
    String challenge =
        missing
            ? "Bearer realm=\"orders\""
            : "Bearer realm=\"orders\", error=\"invalid_token\", error_description=\"%s\""
                .formatted(reason.wording());
    return new Problem(401, "No valid token", detail).reply().with("WWW-Authenticate", challenge);
  }

  private Verdict verdict(Request request) {
    String credentials = request.header("authorization").orElse("");
    if (!credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new Verdict.Refused(Reason.TOKEN_MISSING);
    }
    return gate.check(credentials.substring(SCHEME.length()).strip());
  }
}
