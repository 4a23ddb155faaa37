package dev.troth.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A page for one caller alone: nobody between may keep it, and it runs no scripts but its own. */
public final class PageResponse {
  private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
  private static final HeaderName NO_SNIFF = HeaderNames.create("X-Content-Type-Options");
  private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");

  private PageResponse() {}

  /**
   * A whole page as bytes; the same packed, once for all to whom it is sent.
   *
   * <p>A name stands for these bytes alone, by which a browser asks whether its own are still
   * right.
   */
  public static final class Content {
    private final byte[] html;
    private final String name;
    private volatile byte @Nullable [] packed;

    /** A page that is sent once. */
    public Content(byte[] html) {
      this(html, "");
    }

    public Content(byte[] html, String name) {
      this.html = html;
      this.name = name;
    }

    public int length() {
      return html.length;
    }

    private byte[] packed() {
      byte[] known = packed;
      if (known == null) {
        known = Packing.packed(html);
        packed = known;
      }
      return known;
    }

    /** As weak as it has to be: packed or not, it is the same page. */
    private String tag() {
      return "W/\"" + name + '"';
    }
  }

  /** Sends a whole page, packed where that is safe; a status and cookies are set before. */
  public static void send(
      ServerRequest request, ServerResponse response, String policy, byte[] html) {
    send(request, response, policy, new Content(html));
  }

  /** The same of a page that may be sent again. */
  public static void send(
      ServerRequest request, ServerResponse response, String policy, Content page) {
    ServerResponse described = described(response, policy);
    if (!page.name.isEmpty()) {
      described.header(HeaderNames.ETAG, page.tag());
      if (request
          .headers()
          .first(HeaderNames.IF_NONE_MATCH)
          .filter(page.tag()::equals)
          .isPresent()) {
        described.status(Status.NOT_MODIFIED_304).send();
        return;
      }
    }
    Packing.send(request, described, page);
  }

  /** Sends parts of a page, which follow what others write and so are never packed. */
  public static void sendFragments(ServerResponse response, String policy, byte[] html) {
    described(response, policy).send(Bodies.holdAnswer(html));
  }

  private static ServerResponse described(ServerResponse response, String policy) {
    return response
        .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
        .header(HeaderNames.CACHE_CONTROL, "private, no-cache")
        .header(
            HeaderNames.VARY, "Accept, Accept-Encoding, Cookie, Sec-Fetch-Site, Troth-Fragments")
        .header(POLICY, policy)
        .header(NO_SNIFF, "nosniff")
        .header(REFERRER, "same-origin");
  }

  /**
   * Pages as gzip, where their length tells nobody anything.
   *
   * <p>The length of a packed page grows less when a text of its address stands elsewhere in the
   * page too; who can make a browser ask a thousand times and sees the lengths reads the page
   * (BREACH, CVE 2013-3587). So a page is packed only if the browser says that no other site made
   * it ask (Fetch Metadata, {@code Sec-Fetch-Site}), and fragments, which follow what others write,
   * never are.
   */
  private static final class Packing {
    private static final HeaderName SITE = HeaderNames.create("Sec-Fetch-Site");

    /** Below this a page fits into the first packet anyway. */
    private static final int LEAST = 1_024;

    private Packing() {}

    /** Sends a whole page; headers but the coding are set already. */
    static void send(ServerRequest request, ServerResponse response, Content page) {
      if (page.html.length < LEAST || !isPackable(request)) {
        response.send(Bodies.holdAnswer(page.html));
        return;
      }
      byte[] packed = Bodies.holdAnswer(page.packed());
      response.header(HeaderNames.CONTENT_ENCODING, "gzip").send(packed);
    }

    private static boolean isPackable(ServerRequest request) {
      return accepts(request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse(""))
          && request
              .headers()
              .first(SITE)
              .map(site -> site.equals("same-origin") || site.equals("none"))
              // A program, or a browser too old to tell: then not with somebody's cookie.
              .orElseGet(() -> !request.headers().contains(HeaderNames.COOKIE));
    }

    private static boolean accepts(String codings) {
      for (String offer : codings.split(",")) {
        String[] parts = offer.strip().split("\\s*;\\s*", 2);
        if (parts[0].equalsIgnoreCase("gzip")) {
          return parts.length < 2 || !parts[1].matches("q=0(\\.0*)?");
        }
      }
      return false;
    }

    private static byte[] packed(byte[] html) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(html.length / 4);
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(html);
      } catch (IOException e) {
        throw new UncheckedIOException("memory is always there to write to", e);
      }
      return out.toByteArray();
    }
  }
}
