package dev.troth.server.registry;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Items;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.http.WrittenPath;
import dev.troth.server.registry.schema.SubjectName;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

/** {@code /api/contracts/SUBJECT/consumers}: who depends on which version. */
public final class ConsumerRoutes implements Routes {
  private static final String ALL = "/api/contracts/{subject}/consumers";

  private final Consumers consumers;

  public ConsumerRoutes(Consumers consumers) {
    this.consumers = consumers;
  }

  @Override
  public void addTo(HttpRules rules) {
    route(rules, Method.GET, ALL, this::list);
    route(rules, Method.PUT, ALL + "/{consumer}", this::put);
    route(rules, Method.DELETE, ALL + "/{consumer}", this::delete);
  }

  private static void route(HttpRules rules, Method method, String template, Handler handler) {
    rules.route(
        HttpRoute.builder()
            .methods(method)
            .path(new WrittenPath(template))
            .handler(handler)
            .build());
  }

  private record Depends(@Nullable Integer version) {}

  private static SubjectName subject(ServerRequest request) {
    return SubjectName.of(request.path().pathParameters().get("subject"));
  }

  private static String consumer(ServerRequest request) {
    return request.path().pathParameters().get("consumer");
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Json.send(response, new Items<>(consumers.of(subject(request)), null));
  }

  private void put(ServerRequest request, ServerResponse response) {
    var caller = Callers.require(request, Role.MEMBER);
    Integer version = Parameters.json(request, Json.body(request), Depends.class).version();
    if (version == null) {
      throw Problem.unprocessable("version is missing, expected a number").toException();
    }
    Json.send(response, consumers.depend(subject(request), consumer(request), version, caller));
  }

  private void delete(ServerRequest request, ServerResponse response) {
    var caller = Callers.require(request, Role.MEMBER);
    consumers.leave(subject(request), consumer(request), caller);
    response.status(204).send();
  }
}
