package dev.troth.cli.demo.mailbox;

import dev.troth.watch.webhook.SignatureCheck;
import dev.troth.watch.webhook.WebhookSecret;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A receiver of webhooks after Standard Webhooks 1.0; it keeps the last ones that are genuine. */
public final class Hooks {
  private static final int MOST = 100;

  private final WebhookSecret secret;
  private final InstantSource clock;
  private final Deque<Hook> hooks = new ArrayDeque<>();

  public Hooks(WebhookSecret secret, InstantSource clock) {
    this.secret = secret;
    this.clock = clock;
  }

  /** Takes one; whether its signature is right. A repetition of one that is kept is none. */
  synchronized boolean take(SignatureCheck.Message message, byte[] body) {
    boolean genuine = SignatureCheck.isStandard(secret, message, body, clock.instant());
    if (!genuine || hooks.stream().anyMatch(hook -> hook.id().equals(message.id()))) {
      return genuine;
    }
    hooks.addLast(
        new Hook(clock.instant(), message.id(), new String(body, StandardCharsets.UTF_8)));
    if (hooks.size() > MOST) {
      hooks.removeFirst();
    }
    return true;
  }

  /** What is kept, the newest first. */
  synchronized List<Hook> newestFirst() {
    return List.copyOf(hooks).reversed();
  }
}
