package dev.troth.server.http;

import dev.troth.server.limit.Answers;
import dev.troth.server.limit.ByteBudget.Grant;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** Reads request bodies: as long as the caller may send, within what all bodies share. */
public final class Bodies {
  private static final int CHUNK = 16 * 1024;

  /** A body that takes longer than this holds its bytes for no good reason. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private Bodies() {}

  /** The bytes; 413, 408, 429 or 503 when they are too long, too slow, or too many at a time. */
  public static byte[] read(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    Optional<BodyAllowance> allowance = request.context().get(BodyAllowance.class);
    long longest =
        Math.min(
            allowance.map(BodyAllowance::longest).orElse(Long.MAX_VALUE),
            request
                .context()
                .get(LongestBody.class)
                .map(LongestBody::bytes)
                .orElse(Long.MAX_VALUE));
    long announced = request.headers().contentLength().orElse(0);
    if (announced > longest) {
      throw tooLong(announced, longest);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream((int) Math.min(announced, CHUNK));
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = request.content().inputStream()) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        hold(request, n);
        body.write(chunk, 0, n);
        if (body.size() > longest) {
          throw tooLong(body.size(), longest);
        }
        if (System.nanoTime() > deadline) {
          throw Problem.of(408, "the body took more than %d s".formatted(LONGEST_WAIT.toSeconds()))
              .toException();
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(e);
    } catch (ProblemException e) {
      throw e;
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw Problem.badRequest(
              "the body ended after %d bytes, before its length".formatted(body.size()))
          .toException();
    } catch (IllegalArgumentException | IllegalStateException e) {
      // The server's own complaint about chunks that are none.
      throw unreadable(e);
    }
    return body.toByteArray();
  }

  /**
   * Takes more of the bytes that all bodies share, for what a route makes of a body; given back
   * when the request ends. 429 when the client holds its share, 503 when there are none left.
   */
  public static void hold(ServerRequest request, long bytes) {
    Optional<BodyAllowance> allowance = request.context().get(BodyAllowance.class);
    Grant grant = allowance.map(allowed -> allowed.lease().grow(bytes)).orElse(Grant.GIVEN);
    require(grant, "bodies that you are sending", "bodies");
  }

  /**
   * Takes as many bytes as an answer has, if it is long, until it is sent; 429 and 503 as for a
   * body.
   */
  static byte[] holdAnswer(byte[] answer) {
    require(Answers.hold(answer.length), "long answers that you are reading", "long answers");
    return answer;
  }

  private static void require(Grant grant, String yours, String all) {
    switch (grant) {
      case GIVEN -> {}
      case CLIENT_FULL ->
          throw Problem.of(429, "the %s are too many at a time".formatted(yours))
              .after(Duration.ofSeconds(1))
              .toException();
      case FULL ->
          throw Problem.of(503, "the platform holds as many %s as it can".formatted(all))
              .after(Duration.ofSeconds(1))
              .toException();
    }
  }

  private static ProblemException tooLong(long bytes, long longest) {
    return Problem.of(
            413, "the body has %d bytes or more, expected at most %d".formatted(bytes, longest))
        .toException();
  }

  private static ProblemException unreadable(Exception e) {
    return Problem.badRequest("the body cannot be read: " + e.getMessage()).toException();
  }
}
