package dev.troth.server.source;

import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.event.Events;
import dev.troth.server.event.Events.TakenView;
import dev.troth.server.http.Json;
import dev.troth.server.source.SourceSettings.HookSettings;
import dev.troth.server.source.SourceSettings.HookSettings.Scheme;
import dev.troth.server.source.StoredSource.State;
import dev.troth.watch.event.CloudEvent;
import dev.troth.watch.source.Flattened;
import dev.troth.watch.source.JsonPointer;
import dev.troth.watch.webhook.SignatureCheck;
import dev.troth.watch.webhook.WebhookSecret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks that come in: each becomes an event, once, however often it is sent. Nothing is read or
 * written for one whose signature is wrong.
 */
public final class Hooks {
  private static final Pattern EVENT = Pattern.compile("[a-z_]{1,64}");

  private final Database database;
  private final Events events;
  private final Clock clock;
  private final SourceStore store = new SourceStore();

  public Hooks(Database database, Events events, Clock clock) {
    this.database = database;
    this.events = events;
    this.clock = clock;
  }

  /** Somebody who is not whoever shares the secret. */
  static final class NotGenuine extends Exception {
    private static final long serialVersionUID = 1;
  }

  /**
   * Takes a webhook.
   *
   * @param headers by their names in lower case
   */
  TakenView take(String name, Map<String, String> headers, byte[] body) throws NotGenuine {
    Optional<StoredSource> found = database.read(handle -> store.find(handle, name));
    if (found.isEmpty() || !(found.get().settings() instanceof HookSettings settings)) {
      // As for a wrong signature, so that nobody learns which names there are.
      throw new NotGenuine();
    }
    if (!isGenuine(settings, headers, body)) {
      throw new NotGenuine();
    }
    Object document = Json.parse(body, Object.class);
    CloudEvent event = events.read(() -> event(found.get(), settings, headers, document, body));
    return database.write(handle -> {
      StoredSource source =
          store
              .find(handle, found.get().id())
              .filter(now -> now.state() == State.ACTIVE)
              .orElseThrow(
                  () -> new DomainException.Conflict("source %s is paused".formatted(name)));
      TakenView taken = events.take(handle, source.actor(), event);
      store.received(handle, source, clock.instant(), taken.duplicate() ? 0 : taken.seq());
      return taken;
    });
  }

  private boolean isGenuine(HookSettings settings, Map<String, String> headers, byte[] body) {
    boolean genuine = false;
    for (String secret : settings.secrets()) {
      // Without a short way out, so that the time says nothing about which secret it was.
      genuine |= isGenuine(settings.scheme(), secret, headers, body);
    }
    return genuine;
  }

  private boolean isGenuine(
      Scheme scheme, String secret, Map<String, String> headers, byte[] body) {
    return switch (scheme) {
      case GITHUB ->
          SignatureCheck.isGithubs(secret, body, headers.getOrDefault("x-hub-signature-256", ""));
      case STANDARD ->
          SignatureCheck.isStandard(
              WebhookSecret.parse(secret),
              new SignatureCheck.Message(
                  headers.getOrDefault("webhook-id", ""),
                  headers.getOrDefault("webhook-timestamp", ""),
                  headers.getOrDefault("webhook-signature", "")),
              body,
              clock.instant());
    };
  }

  private static CloudEvent event(
      StoredSource source,
      HookSettings settings,
      Map<String, String> headers,
      @Nullable Object document,
      byte[] body) {
    if (!(document instanceof Map<?, ?> members)) {
      throw new IllegalArgumentException("the body is no JSON object");
    }
    Object part = JsonPointer.parse(settings.pointer()).in(members);
    if (part == null) {
      throw new IllegalArgumentException(
          "the document has nothing at %s".formatted(settings.pointer()));
    }
    String type = type(settings.scheme(), headers, members);
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", id(settings.scheme(), headers, body));
    attributes.put("source", source.actor());
    attributes.put("type", type);
    attributes.put("subject", settings.about(members).toString());
    return new CloudEvent(attributes, Flattened.of(part));
  }

  private static String type(Scheme scheme, Map<String, String> headers, Map<?, ?> members) {
    return switch (scheme) {
      case GITHUB -> {
        String name = headers.getOrDefault("x-github-event", "");
        if (!EVENT.matcher(name).matches()) {
          throw new IllegalArgumentException(
              "X-GitHub-Event is '%s', expected a name such as pull_request".formatted(name));
        }
        String event = "github." + name;
        yield members.get("action") instanceof String action ? event + "." + action : event;
      }
      case STANDARD ->
          members.get("type") instanceof String type && !type.isBlank() ? type : "hook.received";
    };
  }

  /** What is signed alone names a message: GitHub's id and name of a delivery are not. */
  private static String id(Scheme scheme, Map<String, String> headers, byte[] body) {
    return switch (scheme) {
      case STANDARD -> headers.getOrDefault("webhook-id", "");
      case GITHUB -> {
        try {
          MessageDigest digest = MessageDigest.getInstance("SHA-256");
          yield HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
          throw new AssertionError("every Java platform has SHA-256", e);
        }
      }
    };
  }
}
