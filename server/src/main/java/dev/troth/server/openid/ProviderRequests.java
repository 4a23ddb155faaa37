package dev.troth.server.openid;

import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Asks a provider for JSON, bounded in time and bytes. */
final class ProviderRequests {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Logger LOG = System.getLogger("troth.openid");
  private static final int LONGEST_ANSWER = 512 * 1024;

  /** RFC 6749 §5.2: the code was made up, used, too old or for somebody else. */
  private static final String BAD_CODE = "invalid_grant";

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** The object that the answer is, or a problem that says why there is none. */
  JsonNode ask(HttpRequest.Builder request, URI address) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.header("Accept", "application/json").build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
    try {
      HttpResponse<byte[]> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw refused(address, response.statusCode(), error(response.body()));
      }
      JsonNode json = Json.mapper().readTree(response.body());
      if (!json.isObject()) {
        throw unusable("%s answers no JSON object".formatted(address));
      }
      return json;
    } catch (JacksonException e) {
      throw unusable("%s answers no JSON".formatted(address));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw unusable(
          "%s cannot be reached: %s"
              .formatted(
                  address,
                  cause instanceof IOException && cause.getMessage() != null
                      ? cause.getMessage()
                      : String.valueOf(cause)));
    } catch (TimeoutException e) {
      throw unusable("%s did not answer within %d s".formatted(address, TIMEOUT.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unusable("%s was not waited for: the platform stops".formatted(address));
    } finally {
      answer.cancel(true);
    }
  }

  /**
   * A code that the provider does not take says something of who brought it, and of nobody else.
   */
  private static RuntimeException refused(URI address, int status, String error) {
    if (status == 400 && error.equals(BAD_CODE)) {
      LOG.log(Level.INFO, "a code was brought that {0} does not take", address);
      return Problem.badRequest(
              "%s does not take this code (%s): sign in again".formatted(address, error))
          .toException();
    }
    return unusable(
        "%s answers %d%s, expected 200"
            .formatted(address, status, error.isEmpty() ? "" : " (" + error + ")"));
  }

  /** The provider's word for what is wrong (RFC 6749 §5.2); never what was sent to it. */
  private static String error(byte[] body) {
    try {
      String error = Json.mapper().readTree(body).path("error").asString("");
      return error.matches("[ -~]{1,100}") ? error : "";
    } catch (JacksonException e) {
      return "";
    }
  }

  /** The provider cannot be used as it is. */
  static RuntimeException unusable(String why) {
    LOG.log(Level.WARNING, "somebody could not sign in: {0}", why);
    return Problem.of(502, why).toException();
  }
}
