package dev.troth.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Lets gzip bodies through as they are. The server would refuse them, or unpack them without a
 * bound; the route unpacks them with one.
 */
public final class PackedBodies implements ContentEncoding {
  private PackedBodies() {}

  /** Adds it to a listener. */
  public static void addTo(WebServerConfig.Builder builder) {
    builder.contentEncoding(
        ContentEncodingContext.builder()
            .contentEncodingsDiscoverServices(false)
            .addContentEncoding(new PackedBodies())
            .build());
  }

  /**
   * The body as its Content-Encoding says: as it is, or unpacked from gzip; 415 for any other.
   *
   * @param longest bytes after unpacking, else 413
   * @param held how much memory a caller's share is charged for each of them
   */
  public static byte[] plain(ServerRequest request, byte[] body, int longest, int held) {
    String encoding =
        request.headers().first(HeaderNames.CONTENT_ENCODING).orElse("identity").strip();
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "identity" -> body;
      case "gzip" -> unpack(request, body, longest, held);
      default ->
          throw Problem.of(415, "Content-Encoding is %s, expected gzip".formatted(encoding))
              .toException();
    };
  }

  private static byte[] unpack(ServerRequest request, byte[] packed, int longest, int held) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] plain = gzip.readNBytes(longest + 1);
      Bodies.hold(request, (long) held * plain.length);
      if (plain.length > longest) {
        throw Problem.of(413, "the body unpacks to more than %d bytes".formatted(longest))
            .toException();
      }
      return plain;
    } catch (IOException wrong) {
      throw Problem.badRequest("the body is not gzip: " + wrong.getMessage()).toException();
    }
  }

  @Override
  public Set<String> ids() {
    return Set.of("gzip");
  }

  @Override
  public boolean supportsEncoding() {
    return false;
  }

  @Override
  public boolean supportsDecoding() {
    return true;
  }

  @Override
  public ContentDecoder decoder() {
    return ContentDecoder.NO_OP;
  }

  @Override
  public ContentEncoder encoder() {
    return ContentEncoder.NO_OP;
  }

  @Override
  public String name() {
    return "gzip";
  }

  @Override
  public String type() {
    return "packed";
  }
}
