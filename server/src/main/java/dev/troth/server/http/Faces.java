package dev.troth.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/** The routes of a listener as those that say in their own words what was refused. */
record Faces(List<Routes> routes) implements Filter {
  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    request.context().register(this);
    chain.proceed();
  }

  /** Answers a problem: in the words of the routes that own the path, else as a document. */
  static void send(ServerRequest request, ServerResponse response, Problem problem) {
    Object wait = problem.more().get(Problem.RETRY_AFTER);
    if (wait != null) {
      response.header(HeaderNames.RETRY_AFTER, wait.toString());
    }
    boolean answered =
        request.context().get(Faces.class).map(Faces::routes).orElse(List.of()).stream()
            .anyMatch(face -> face.answersProblem(request, response, problem));
    if (!answered) {
      Json.send(response, problem);
    }
  }
}
