package dev.troth.server.http;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.ServerResponseTrailers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** A response of which only the head goes out, with the length that its body would have had. */
final class HeadResponse implements ServerResponse {
  private final ServerResponse response;

  HeadResponse(ServerResponse response) {
    this.response = response;
  }

  @Override
  public void send() {
    response.send();
  }

  @Override
  public void send(byte[] body) {
    response.contentLength(body.length);
    response.send();
  }

  @Override
  public void send(Object body) {
    send(
        body instanceof byte[] bytes
            ? bytes
            : String.valueOf(body).getBytes(StandardCharsets.UTF_8));
  }

  /** Takes a body of unknown length; the head goes out when it ends. */
  @Override
  public OutputStream outputStream() {
    return new OutputStream() {
      @Override
      public void write(int one) {
        // A head has no body.
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        // A head has no body.
      }

      @Override
      public void close() {
        if (!response.isSent()) {
          response.send();
        }
      }
    };
  }

  @Override
  public void streamFilter(UnaryOperator<OutputStream> filter) {
    // There is nothing to filter.
  }

  @Override
  public ServerResponse status(Status status) {
    response.status(status);
    return this;
  }

  @Override
  public Status status() {
    return response.status();
  }

  @Override
  public ServerResponse header(Header header) {
    response.header(header);
    return this;
  }

  @Override
  public boolean isSent() {
    return response.isSent();
  }

  @Override
  public long bytesWritten() {
    return response.bytesWritten();
  }

  @Override
  public ServerResponse whenSent(Runnable work) {
    response.whenSent(work);
    return this;
  }

  @Override
  public ServerResponse reroute(String path) {
    return response.reroute(path);
  }

  @Override
  public ServerResponse reroute(String path, UriQuery query) {
    return response.reroute(path, query);
  }

  @Override
  public ServerResponse next() {
    return response.next();
  }

  @Override
  public ServerResponseHeaders headers() {
    return response.headers();
  }

  @Override
  public ServerResponseTrailers trailers() {
    return response.trailers();
  }

  @Override
  public void streamResult(String result) {
    response.streamResult(result);
  }
}
