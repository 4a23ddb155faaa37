package dev.troth.orders.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.Claims;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.KeyFile;
import dev.troth.orders.http.Caller;
import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;

/** Lets a request to its route when gate finds its bearer token genuine; else answers 401. */
final class Doorkeeper {
  /** What a token must be for: one for another service does not open this one. */
  static final String AUDIENCE = "orders";

  private static final String SCHEME = "bearer ";
  private static final int LONGEST_SUBJECT = 256;
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
    return switch (verdict(request)) {
      case Verdict.Valid(Claims claims) -> {
        String subject = claims.subject().orElse("");
        yield isName(subject)
            ? action.answer(request.with(Caller.SUBJECT, URLEncoder.encode(subject, UTF_8)))
            : refused(
                "its subject has %d characters, expected 1 to %d, none of them a control character"
                    .formatted(subject.length(), LONGEST_SUBJECT),
                "invalid subject");
      }
      case Verdict.Refused(Reason reason) when reason == Reason.TOKEN_MISSING ->
          // RFC 6750 §3: without a token, nothing but how to come by one.
          refusal("the request has no token, expected the header Authorization: Bearer TOKEN", "");
      case Verdict.Refused(Reason reason) ->
          refused("%s (%s)".formatted(reason.wording(), reason.code()), reason.wording());
    };
  }

  /** A name that goes with the event: the platform takes no others. */
  private static boolean isName(String subject) {
    return !subject.isBlank()
        && subject.length() <= LONGEST_SUBJECT
        && subject.chars().noneMatch(Character::isISOControl);
  }

  private static Reply refused(String why, String wording) {
    return refusal(
        "the token is refused: " + why,
        ", error=\"invalid_token\", error_description=\"%s\"".formatted(wording));
  }

  private static Reply refusal(String detail, String error) {
    return new Problem(401, "No valid token", detail)
        .reply()
        .with("WWW-Authenticate", "Bearer realm=\"orders\"" + error);
  }

  private Verdict verdict(Request request) {
    String credentials = request.header("authorization").orElse("");
    if (!credentials.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new Verdict.Refused(Reason.TOKEN_MISSING);
    }
    return gate.check(credentials.substring(SCHEME.length()).strip());
  }
}
