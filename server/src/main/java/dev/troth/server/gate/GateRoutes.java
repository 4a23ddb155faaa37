package dev.troth.server.gate;

import dev.troth.gate.Claims;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Reason;
import dev.troth.server.http.Json;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /gate/validate} for services and {@code /gate/auth} for proxies: is this one of the
 * platform's tokens, and good now? The token is its own proof, so nobody has to be known to ask.
 */
public final class GateRoutes implements Routes {
  private static final String BEARER = "bearer ";

  private final PlatformGate desk;
  private final JsonMapper mapper;

  public GateRoutes(PlatformGate desk, JsonMapper mapper) {
    this.desk = desk;
    this.mapper = mapper;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.post("/gate/validate", this::validate);
    rules.get("/gate/auth", this::authorize);
    rules.post("/gate/auth", this::authorize);
  }

  private void validate(ServerRequest request, ServerResponse response) {
    byte[] body = Json.body(request);
    answer(desk.verdict(body.length == 0 ? bearer(request) : token(body)), response);
  }

  private void authorize(ServerRequest request, ServerResponse response) {
    Verdict verdict = desk.verdict(bearer(request));
    if (verdict instanceof Verdict.Valid(Claims claims)) {
      // Empty where there is no claim: it overwrites what a client sent under the name.
      header(response, "X-Auth-Subject", claims.subject().orElse(""));
      header(response, "X-Auth-Role", claims.text("role").orElse(""));
    }
    if (verdict.reason() == Reason.TOKEN_MISSING) {
      refuse(Status.UNAUTHORIZED_401, "Bearer realm=\"troth\"", verdict.reason(), response);
    } else {
      answer(verdict, response);
    }
  }

  private static void answer(Verdict verdict, ServerResponse response) {
    switch (verdict) {
      case Verdict.Valid valid -> send(Status.OK_200, "{\"valid\":true}", response);
      case Verdict.Refused(Reason reason) -> {
        if (reason == Reason.TOKEN_MISSING) {
          send(Status.BAD_REQUEST_400, body(reason), response);
        } else {
          String challenge =
              "Bearer realm=\"troth\", error=\"invalid_token\", error_description=\"%s\""
                  .formatted(reason.wording());
          refuse(Status.UNAUTHORIZED_401, challenge, reason, response);
        }
      }
    }
  }

  private static void refuse(
      Status status, String challenge, Reason reason, ServerResponse response) {
    response.header(HeaderNames.WWW_AUTHENTICATE, challenge);
    send(status, body(reason), response);
  }

  private static String body(Reason reason) {
    return "{\"valid\":false,\"error\":\"%s\",\"reason\":\"%s\"}"
        .formatted(reason.wording(), reason.code());
  }

  private static void send(Status status, String body, ServerResponse response) {
    response.status(status);
    response.header(HeaderValues.CONTENT_TYPE_JSON);
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.send(body);
  }

  private static void header(ServerResponse response, String name, String value) {
    boolean safe = value.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
    response.header(HeaderNames.create(name), safe ? value : "");
  }

  private String token(byte[] body) {
    try {
      JsonNode token = mapper.readTree(body).path("token");
      return token.isString() ? token.asString() : "";
    } catch (JacksonException notJson) {
      return "";
    }
  }

  private static String bearer(ServerRequest request) {
    List<String> values =
        request.headers().contains(HeaderNames.AUTHORIZATION)
            ? request.headers().get(HeaderNames.AUTHORIZATION).allValues()
            : List.of();
    if (values.size() != 1
        || !values.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return "";
    }
    return values.getFirst().substring(BEARER.length()).strip();
  }
}
