package dev.troth.server.http;

import dev.troth.server.db.DatabaseBusy;
import dev.troth.server.db.StorageException;
import dev.troth.server.error.DomainException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Turns whatever a route throws into a problem document. */
final class Failures {
  private static final Logger LOG = System.getLogger("troth.http");

  private Failures() {}

  /**
   * Runs the filters and routes behind, and answers what they throw, which outside would be too
   * late for the filters before to see the answer.
   */
  static void catching(Runnable work, ServerRequest request, ServerResponse response) {
    try {
      work.run();
    } catch (ProblemException e) {
      Faces.send(request, response, e.problem());
    } catch (DomainException e) {
      Faces.send(request, response, Problem.of(e));
    } catch (DatabaseBusy e) {
      busy(request, response, e);
    } catch (StorageException e) {
      storage(request, response, e);
    } catch (HttpException e) {
      http(request, response, e);
    }
  }

  static void addTo(HttpRouting.Builder routing) {
    routing
        .error(
            ProblemException.class,
            (request, response, e) -> Faces.send(request, response, e.problem()))
        .error(
            DomainException.class,
            (request, response, e) -> Faces.send(request, response, Problem.of(e)))
        .error(DatabaseBusy.class, Failures::busy)
        .error(StorageException.class, Failures::storage)
        .error(HttpException.class, Failures::http)
        .error(Throwable.class, Failures::unexpected);
  }

  private static void busy(ServerRequest request, ServerResponse response, DatabaseBusy e) {
    response.header(HeaderNames.RETRY_AFTER, "1");
    Faces.send(request, response, Problem.of(503, String.valueOf(e.getMessage())));
  }

  private static void storage(ServerRequest request, ServerResponse response, StorageException e) {
    int status =
        switch (e.kind()) {
          case FULL -> 507;
          case BROKEN, UNKNOWN -> 503;
        };
    String what =
        switch (e.kind()) {
          case FULL, BROKEN -> reads(request) ? "" : "nothing was stored: ";
          case UNKNOWN -> "it is not known whether this was stored, ask before you repeat it: ";
        };
    Faces.send(
        request, response, Problem.of(status, what + e.getMessage()).after(Duration.ofSeconds(5)));
  }

  private static boolean reads(ServerRequest request) {
    Method method = request.prologue().method();
    return method.equals(Method.GET) || method.equals(Method.HEAD);
  }

  private static void http(ServerRequest request, ServerResponse response, HttpException e) {
    int status = e.status().code();
    if (status < 400) {
      response.status(e.status()).send();
    } else {
      Faces.send(request, response, Problem.of(status, String.valueOf(e.getMessage())));
    }
  }

  /** The client learns an id that the log has too, and nothing of the inside. */
  private static void unexpected(ServerRequest request, ServerResponse response, Throwable e) {
    String id = UUID.randomUUID().toString();
    LOG.log(
        Level.ERROR,
        request.prologue().method() + " " + request.path().rawPath() + " failed, error " + id,
        e);
    Problem problem = Problem.of(500, "the platform failed; its log names error " + id);
    Faces.send(request, response, problem.with("error_id", id));
  }

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
}
