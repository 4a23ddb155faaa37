package dev.troth.server.http;

import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServerConfig;
import java.util.Set;

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
