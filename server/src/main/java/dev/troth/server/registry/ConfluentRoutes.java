package dev.troth.server.registry;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.http.Routes;
import dev.troth.server.http.WrittenPath;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.SubjectName;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests and answers in the form of Confluent's clients. */
abstract sealed class ConfluentRoutes implements Routes permits RegistryRoutes, SettingRoutes {
  private static final Header CONTENT =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/vnd.schemaregistry.v1+json");
  private static final Header UNCACHED =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;

  /** What a route answers; a {@link String} is sent as it is. */
  @FunctionalInterface
  interface Answering {
    Object answer(ServerRequest request);
  }

  /** A route that takes these parameters of the query. */
  static Handler answering(Answering route, String... parameters) {
    List<String> known = List.of(parameters);
    return (request, response) -> {
      try {
        var _ = Callers.require(request, Role.READER);
        requireKnown(request, known);
        answer(request, response, route.answer(request));
      } catch (RegistryException e) {
        refuse(response, e.status(), e.code(), String.valueOf(e.getMessage()));
      } catch (ProblemException e) {
        Problem problem = e.problem();
        if (problem.status() == TOO_LARGE) {
          refuse(response, TOO_LARGE, TOO_LARGE, problem.detail());
          return;
        }
        throw worded(problem).toException();
      }
    };
  }

  /** A problem with the members that Confluent's clients show. */
  static Problem worded(Problem problem) {
    return problem.with("error_code", problem.status()).with("message", problem.detail());
  }

  private static void requireKnown(ServerRequest request, List<String> known) {
    if (request.query().isEmpty()) {
      return;
    }
    for (String given : request.query().names()) {
      boolean empty = given.isEmpty(); // as clients write && by mistake
      if (!empty && !known.contains(given)) {
        throw Problem.of(
                BAD_REQUEST,
                "unknown parameter '%s', expected %s"
                    .formatted(given, known.isEmpty() ? "none" : "one of " + known))
            .toException();
      }
    }
    for (String form : List.of("format", "findTags")) {
      String wanted = Parameters.text(request, form, "");
      if (!wanted.isEmpty() && !wanted.equals("false")) {
        throw RegistryException.notPermitted(
            "%s is '%s', expected none: schemas are given out as they came"
                .formatted(form, wanted));
      }
    }
  }

  private static void answer(ServerRequest request, ServerResponse response, Object answer) {
    Ready ready = answer instanceof Ready made ? made : Ready.of("", answer, false);
    if (!ready.tag().isEmpty()) {
      response.header(HeaderNames.ETAG, ready.tag());
      response.header(UNCACHED);
      Optional<String> held = request.headers().first(HeaderNames.IF_NONE_MATCH);
      if (held.isPresent() && held.get().contains(ready.tag())) {
        response.status(304).send();
        return;
      }
    }
    response.header(CONTENT).send(ready.body());
  }

  static void refuse(ServerResponse response, int status, int code, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("error_code", code);
    error.put("message", message);
    response.status(status).header(CONTENT).send(Json.mapper().writeValueAsBytes(error));
  }

  /** The subject of the path, in the context that the path or its name says. */
  static SubjectName subject(ServerRequest request) {
    String name = parameter(request, "subject");
    return context(request)
        .map(context -> SubjectName.of(context, name))
        .orElseGet(() -> SubjectName.of(name));
  }

  /** The context of the path. */
  static Optional<String> context(ServerRequest request) {
    io.helidon.common.parameters.Parameters path = request.path().pathParameters();
    return path.contains("context")
        ? Optional.of(SubjectName.context(path.get("context")))
        : Optional.empty();
  }

  static String parameter(ServerRequest request, String name) {
    return request.path().pathParameters().get(name);
  }

  /** Paths whose names may hold an escaped slash. */
  record Paths(HttpRules rules) {
    Paths get(String template, Handler handler) {
      return add(Method.GET, template, handler);
    }

    Paths post(String template, Handler handler) {
      return add(Method.POST, template, handler);
    }

    Paths put(String template, Handler handler) {
      return add(Method.PUT, template, handler);
    }

    Paths delete(String template, Handler handler) {
      return add(Method.DELETE, template, handler);
    }

    private Paths add(Method method, String template, Handler handler) {
      rules.route(
          HttpRoute.builder()
              .methods(method)
              .path(new WrittenPath(template))
              .handler(handler)
              .build());
      return this;
    }
  }

  /** A parameter of the query that is {@code true} or not. */
  static boolean flag(ServerRequest request, String name) {
    return Parameters.flag(request, name);
  }

  static Deleted deleted(ServerRequest request) {
    return flag(request, "deletedOnly")
        ? Deleted.ALONE
        : flag(request, "deleted") ? Deleted.INCLUDED : Deleted.LEFT_OUT;
  }

  /** The part of a list that is asked for; clients write a limit of -1 for all. */
  static Page page(ServerRequest request) {
    int offset = (int) Parameters.number(request, "offset", 0, Integer.MAX_VALUE);
    boolean all = Parameters.text(request, "limit", "-1").equals("-1");
    return new Page(
        offset,
        all ? Page.LONGEST : (int) Parameters.number(request, "limit", Page.LONGEST, Page.LONGEST));
  }

  static String actor(ServerRequest request, Role role) {
    return Callers.require(request, role).user();
  }
}
