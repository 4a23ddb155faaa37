package dev.troth.server.channel;

import dev.troth.server.change.ChangeView;
import dev.troth.server.db.Database;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.http.Json;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.Reason;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Headline;
import dev.troth.watch.delivery.AddressedChannel;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.webhook.WebhookAnswer;
import dev.troth.watch.webhook.WebhookRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks after Standard Webhooks 1.0, sent only to addresses that {@link VettedAddresses} lets
 * pass. Redirects are not followed, and of an answer only the status is read.
 */
public final class WebhookChannel implements AddressedChannel, Lifecycle {
  public static final String KIND = "webhook";

  private static final String TEST =
      "{\"type\":\"endpoint.test\",\"data\":{\"title\":\"A test from Troth\"}}";
  private static final int LONGEST_BODY = 20_000;
  private static final int CONNECTIONS = 64;
  private static final Timeout CONNECT = Timeout.ofSeconds(5);
  private static final Timeout SILENCE = Timeout.ofSeconds(15);
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Database database;
  private final EndpointStore endpoints;
  private final Clock clock;
  private final DnsResolver addresses;
  private @Nullable Sender sender;

  /** The client, and what cancels its requests that take too long. */
  private record Sender(CloseableHttpClient client, ScheduledExecutorService deadlines) {}

  public WebhookChannel(
      Database database, EndpointStore endpoints, Clock clock, DnsResolver addresses) {
    this.database = database;
    this.endpoints = endpoints;
    this.clock = clock;
    this.addresses = addresses;
  }

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public boolean isDirect() {
    return false;
  }

  @Override
  public void checkAddress(String text) {
    try {
      URI address = URI.create(text);
      String scheme = String.valueOf(address.getScheme());
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (web && address.getHost() != null && address.getUserInfo() == null) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, as an address of another kind is.
    }
    throw new IllegalArgumentException(
        "address is '%s', expected http(s)://host/path without a user".formatted(text));
  }

  @Override
  public boolean signs() {
    return true;
  }

  @Override
  public Outcome test(String user, String name) {
    Optional<Endpoint> endpoint = database.read(handle -> endpoints.find(handle, user, name));
    if (endpoint.isEmpty()) {
      return new Outcome.Refused("%s has no address for %s".formatted(user, name));
    }
    NotificationKey key = new NotificationKey("ntf_test_" + UUID.randomUUID());
    return send(endpoint.get(), key, TEST);
  }

  /** Nothing: the client is made for the first webhook, since most platforms send none. */
  @Override
  public void start() {}

  private synchronized Sender sender() {
    Sender made = sender;
    if (made == null) {
      made = new Sender(client(), deadlines());
      sender = made;
    }
    return made;
  }

  private static ScheduledExecutorService deadlines() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("webhook-deadline").daemon(true).factory());
  }

  private CloseableHttpClient client() {
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

  @Override
  public synchronized void stop() {
    if (sender != null) {
      sender.deadlines().shutdownNow();
      try {
        sender.client().close();
      } catch (IOException e) {
        // Its connections end with the process.
      }
      sender = null;
    }
  }

  @Override
  public Outcome deliver(Notification notification) {
    String user = notification.watch().user();
    Optional<Endpoint> endpoint =
        database.read(handle -> endpoints.find(handle, user, notification.channel()));
    if (endpoint.isEmpty()) {
      return new Outcome.Refused(
          "%s has no address for %s".formatted(user, notification.channel()));
    }
    if (endpoint.get().health().state() == EndpointStore.State.DISABLED) {
      return new Outcome.Refused("disabled: " + endpoint.get().health().note());
    }
    Change change = notification.change();
    ChangeView view = ChangeView.of(change);
    Told told = new Told(user, notification.reason(), Headline.of(change), view);
    String body = body(change, told);
    if (body.getBytes(StandardCharsets.UTF_8).length > LONGEST_BODY) {
      body = body(change, new Told(told.user(), told.reason(), told.title(), view.shortened()));
    }
    return send(endpoint.get(), notification.key(), body);
  }

  /** What a receiver is told. */
  private record Told(String user, Reason reason, String title, ChangeView change) {}

  /** The body of a request, after Standard Webhooks. */
  private record Payload(String type, Instant timestamp, Object data) {}

  private static String body(Change change, Told told) {
    return Json.mapper().writeValueAsString(new Payload(change.type(), change.at(), told));
  }

  /** One attempt. */
  private Outcome send(Endpoint endpoint, NotificationKey key, String body) {
    WebhookRequest signed = WebhookRequest.signed(key, clock.instant(), body, endpoint.secrets());
    HttpPost post = new HttpPost(endpoint.address());
    signed.headers().forEach(post::setHeader);
    post.setEntity(new StringEntity(signed.body(), ContentType.APPLICATION_JSON));
    Sender ready = sender();
    ScheduledFuture<?> deadline =
        ready.deadlines().schedule(post::cancel, DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    try (ClassicHttpResponse response = ready.client().executeOpen(null, post, null)) {
      var retryAfter = response.getFirstHeader("Retry-After");
      // Closing with the body unread drops the connection: an endless answer costs nothing.
      return WebhookAnswer.outcome(
          response.getCode(), retryAfter == null ? "" : retryAfter.getValue(), clock.instant());
    } catch (VettedAddresses.Closed e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    } catch (IOException | IllegalStateException e) {
      return new Outcome.Failed(
          e.getClass().getSimpleName() + ": " + e.getMessage(), Duration.ZERO);
    } finally {
      deadline.cancel(false);
    }
  }
}
