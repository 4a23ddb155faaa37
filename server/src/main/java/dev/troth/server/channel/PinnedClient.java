package dev.troth.server.channel;

import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.webhook.WebhookAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON to addresses that users name, and only where {@link VettedAddresses} lets it pass.
 * Redirects are not followed, and of an answer only the status is read.
 */
public final class PinnedClient implements Lifecycle {
  private static final int LONGEST_ANSWER = 64 * 1024;

  /** As many as deliveries are under way at most, and some for sources. */
  private static final int CONNECTIONS = 128;

  private static final Timeout CONNECT = Timeout.ofSeconds(5);
  private static final Timeout SILENCE = Timeout.ofSeconds(15);
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Clock clock;
  private final DnsResolver addresses;
  private final Deadlines deadlines = new Deadlines();
  private @Nullable CloseableHttpClient client;

  public PinnedClient(Clock clock, DnsResolver addresses) {
    this.clock = clock;
    this.addresses = addresses;
  }

  /** What a receiver's status and {@code Retry-After}, empty without one, mean. */
  @FunctionalInterface
  interface Reading {
    Outcome of(int status, String retryAfter, Instant now);
  }

  @Override
  public String name() {
    return "outgoing requests";
  }

  /** Nothing: the client is made for the first request, since most platforms send none. */
  @Override
  public void start() {}

  @Override
  public synchronized void stop() {
    deadlines.stop();
    if (client != null) {
      try {
        client.close();
      } catch (IOException e) {
        // Its connections end with the process.
      }
      client = null;
    }
  }

  private synchronized CloseableHttpClient client() {
    CloseableHttpClient made = client;
    if (made == null) {
      made = newClient();
      client = made;
    }
    return made;
  }

  private CloseableHttpClient newClient() {
    ConnectionConfig connection =
        ConnectionConfig.custom().setConnectTimeout(CONNECT).setSocketTimeout(SILENCE).build();
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(addresses)
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultConnectionConfig(connection)
                .build())
        .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(SILENCE).build())
        .setUserAgent("Troth")
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .build();
  }

  /**
   * Checks the address of a web site.
   *
   * @param name what the address is to its reader
   * @throws IllegalArgumentException when it is none, with the address as it is to be shown
   */
  public static URI requireWebAddress(String name, String text, String expected) {
    try {
      URI address = URI.create(text);
      String scheme = String.valueOf(address.getScheme());
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (web
          && address.getHost() != null
          && address.getUserInfo() == null
          && address.getFragment() == null
          && hasPort(address)) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, as an address of another kind is.
    }
    throw new IllegalArgumentException(
        "%s is '%s', expected %s".formatted(name, withoutUser(text), expected));
  }

  /** The answer may be logged or shown to others: a password in an address is left out. */
  private static String withoutUser(String text) {
    int host = text.lastIndexOf('@');
    int scheme = text.indexOf("://");
    return host < 0
        ? text
        : text.substring(0, scheme < 0 || scheme > host ? 0 : scheme + 3)
            + "…"
            + text.substring(host);
  }

  /** Whether its port is one, which the syntax of addresses leaves open. */
  private static boolean hasPort(URI address) {
    return address.getPort() == -1 || (address.getPort() > 0 && address.getPort() <= 65_535);
  }

  /** What a request for something came to. */
  public sealed interface Fetched {
    /**
     * A server answered.
     *
     * @param headers those that say which version it is, and when to come again
     * @param pause the least time to wait, as it asked; zero when it did not
     */
    record Answered(int status, Map<String, String> headers, byte[] body, Duration pause)
        implements Fetched {
      /** A header's value; empty without. */
      public String header(String name) {
        return headers.getOrDefault(name, "");
      }
    }

    /** No answer, or one that is not to be read. */
    record Nothing(String why) implements Fetched {}
  }

  /** Fetches something of at most so many bytes. Never throws for what the outside does. */
  public Fetched get(String address, Map<String, String> headers, int longest) {
    HttpGet get = new HttpGet(address);
    headers.forEach(get::setHeader);
    ScheduledFuture<?> deadline = deadlines.after(DEADLINE, get::cancel);
    boolean tooLong = false;
    try (ClassicHttpResponse response = client().executeOpen(null, get, null)) {
      HttpEntity entity = response.getEntity();
      InputStream content = entity == null ? null : entity.getContent();
      byte[] body = content == null ? new byte[0] : content.readNBytes(longest + 1);
      if (body.length > longest) {
        // Closing alone would read the rest of it, and fails when it cannot.
        tooLong = true;
        get.cancel();
        return longerThan(longest);
      }
      Map<String, String> kept = new HashMap<>();
      for (String name : List.of("Content-Type", "ETag", "Last-Modified", "Retry-After")) {
        Header header = response.getFirstHeader(name);
        if (header != null) {
          kept.put(name, header.getValue());
        }
      }
      Duration pause = WebhookAnswer.pause(kept.getOrDefault("Retry-After", ""), clock.instant());
      return new Fetched.Answered(response.getCode(), Map.copyOf(kept), body, pause);
    } catch (VettedAddresses.Closed e) {
      return new Fetched.Nothing(String.valueOf(e.getMessage()));
    } catch (IOException | IllegalStateException e) {
      return tooLong ? longerThan(longest) : new Fetched.Nothing(inWords(e));
    } finally {
      deadline.cancel(false);
    }
  }

  private static Fetched longerThan(int longest) {
    return new Fetched.Nothing(
        "the answer is longer than %d bytes, which is the most".formatted(longest));
  }

  /** What went wrong, as its reader would say it. */
  private static String inWords(Exception e) {
    return switch (e) {
      case UnknownHostException _ -> "its host is unknown";
      case ConnectTimeoutException _ -> "no connection within %d s".formatted(CONNECT.toSeconds());
      case ConnectException _ -> "nobody listens there";
      case SocketTimeoutException _ -> "no answer within %d s".formatted(SILENCE.toSeconds());
      case RequestFailedException _ ->
          "no whole answer within %d s".formatted(DEADLINE.toSeconds());
      case NoHttpResponseException _ -> "it ended the connection without an answer";
      case MessageConstraintException _ -> "the head of its answer is too long";
      case SSLException _ -> "TLS failed: " + e.getMessage();
      default -> e.getClass().getSimpleName() + ": " + e.getMessage();
    };
  }

  /** One attempt. */
  Outcome post(String address, Map<String, String> headers, String json, Reading reading) {
    HttpPost post = new HttpPost(address);
    headers.forEach(post::setHeader);
    post.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
    ScheduledFuture<?> deadline = deadlines.after(DEADLINE, post::cancel);
    try {
      ClassicHttpResponse response = client().executeOpen(null, post, null);
      Header retryAfter = response.getFirstHeader("Retry-After");
      Outcome outcome =
          reading.of(
              response.getCode(), retryAfter == null ? "" : retryAfter.getValue(), clock.instant());
      discard(response, post);
      return outcome;
    } catch (VettedAddresses.Closed e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    } catch (IOException | IllegalStateException e) {
      return new Outcome.Failed(inWords(e), Duration.ZERO);
    } finally {
      deadline.cancel(false);
    }
  }

  /**
   * Reads a short answer, so that its connection can serve again, and drops the connection of a
   * long one: closing alone would read it to its end, which may never come.
   */
  private static void discard(ClassicHttpResponse response, HttpPost post) {
    try (response) {
      HttpEntity answer = response.getEntity();
      InputStream body = answer == null ? null : answer.getContent();
      if (body != null && body.readNBytes(LONGEST_ANSWER).length == LONGEST_ANSWER) {
        post.cancel();
      }
    } catch (IOException e) {
      // The status has been read; how its body ends says nothing about the delivery.
      post.cancel();
    }
  }
}
