package dev.troth.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * A client of the platform's API: {@code options.client().get("/api/watches")}. Answers of 400 and
 * above become a {@link CommandException} that carries the problem document's detail.
 */
public final class ApiClient {
  private final URI server;
  private final Optional<String> token;
  private final HttpClient http;
  private final JsonMapper json = JsonMapper.shared();

  public ApiClient(URI server, Optional<String> token) {
    this(server, token, Optional.empty());
  }

  /** A client that trusts other certificates than Java does. */
  ApiClient(URI server, Optional<String> token, Optional<SSLContext> trust) {
    this.server = server;
    this.token = token;
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
    trust.ifPresent(builder::sslContext);
    this.http = builder.build();
  }

  public URI server() {
    return server;
  }

  public Answer get(String path) {
    return call("GET", path, null);
  }

  public Answer post(String path, Object body) {
    return call("POST", path, body);
  }

  public Answer put(String path, Object body) {
    return call("PUT", path, body);
  }

  public Answer patch(String path, Object body) {
    return call("PATCH", path, body);
  }

  /** What is there; empty if nothing is. */
  public <T> Optional<T> find(String path, Class<T> type) {
    HttpResponse<byte[]> answer =
        send(
            request(path).timeout(Duration.ofSeconds(30)).GET(),
            HttpResponse.BodyHandlers.ofByteArray());
    Answer found = new Answer(answer.statusCode(), parse(answer.body()));
    if (found.status() == 404) {
      return Optional.empty();
    }
    if (found.status() >= 400) {
      throw refused("GET", path, found);
    }
    return Optional.of(found.as(type));
  }

  /**
   * Writes if what is there is as expected.
   *
   * @param expected its ETag, or {@code none}
   * @return why the content was refused; empty if it was written
   */
  public Optional<String> putIf(String path, Object body, String expected) {
    HttpResponse<byte[]> answer =
        send(
            request(path)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .header("If-Match", expected)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body))),
            HttpResponse.BodyHandlers.ofByteArray());
    Answer written = new Answer(answer.statusCode(), parse(answer.body()));
    return switch (written.status()) {
      case 200, 201 -> Optional.empty();
      case 400, 409, 412, 413, 422 -> Optional.of(written.as(Problem.class).text());
      default -> throw refused("PUT", path, written);
    };
  }

  public Answer delete(String path) {
    return call("DELETE", path, null);
  }

  /** What was answered, whether the platform did what was asked or refused. */
  public record Answer(int status, JsonNode document) {
    /** The document as a record of the members that its reader needs; others may stand beside. */
    public <T> T as(Class<T> type) {
      return AnswerReader.read(document, type);
    }

    /** Why the platform refused, in its words. */
    public String refusal() {
      return as(Problem.class).text();
    }
  }

  /** A refusal: RFC 9457's members, or the registry's, which speaks as Confluent's does. */
  private record Problem(
      @Nullable String title, @Nullable String detail, @Nullable String message) {
    String text() {
      return Stream.of(detail, title, message).filter(Objects::nonNull).findFirst().orElse("");
    }
  }

  /** Posts, and leaves it to the caller what a refusal means. */
  public Answer ask(String path, Object body) {
    return answer("POST", path, body);
  }

  private Answer call(String method, String path, @Nullable Object body) {
    Answer answer = answer(method, path, body);
    if (answer.status() >= 400) {
      throw refused(method, path, answer);
    }
    return answer;
  }

  private Answer answer(String method, String path, @Nullable Object body) {
    HttpRequest.Builder request =
        request(path)
            .timeout(Duration.ofSeconds(30))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<byte[]> answer = send(request, HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(answer.statusCode(), parse(answer.body()));
  }

  /** A stream of server-sent events; the caller closes it. */
  public InputStream stream(String path) {
    HttpResponse<InputStream> answer =
        send(
            request(path).header("Accept", "text/event-stream"),
            HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() >= 400) {
      try (InputStream in = answer.body()) {
        throw refused("GET", path, new Answer(answer.statusCode(), parse(in.readAllBytes())));
      } catch (IOException broken) {
        throw CommandException.failed(server + path + ": " + broken.getMessage());
      }
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path)).header("Accept", "application/json");
    token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
    return request;
  }

  /** A path of the platform, which may be below a path of its host. */
  private URI at(String path) {
    return URI.create(server.toString().replaceAll("/+$", "") + path);
  }

  private <T> HttpResponse<T> send(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request.build(), handler);
    } catch (ConnectException nobody) {
      throw CommandException.failed(
          "nothing answers at "
              + server
              + ": start the platform with './troth up', or name it"
              + " with --server");
    } catch (HttpTimeoutException slow) {
      throw CommandException.failed(server + " did not answer in time");
    } catch (IOException broken) {
      throw CommandException.failed(
          isUntrusted(broken)
              ? "%s: its certificate is not trusted: %s (--ca-file or TROTH_CA_FILE names a file of those that vouch for it)"
                  .formatted(server, broken.getMessage())
              : server + ": " + broken.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted");
    }
  }

  private static boolean isUntrusted(IOException broken) {
    Throwable cause = broken;
    for (int depth = 0; cause != null && depth < 8; depth++) {
      if (cause instanceof CertificateException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private JsonNode parse(byte[] body) {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return json.readTree(body);
    } catch (JacksonException notJson) {
      throw CommandException.failed(server + " answered with something that is not JSON");
    }
  }

  private CommandException refused(String method, String path, Answer answer) {
    String message = answer.refusal();
    if (message.isEmpty()) {
      message = method + " " + server + path + " was answered with " + answer.status();
    }
    if (answer.status() == 401) {
      message += " (give a token with --token-file or TROTH_TOKEN)";
    }
    return answer.status() >= 500
        ? CommandException.failed(message)
        : CommandException.usage(message);
  }
}
