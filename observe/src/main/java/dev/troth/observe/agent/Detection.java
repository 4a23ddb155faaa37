package dev.troth.observe.agent;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the protocol of one connection by its first bytes, and once more after an upgrade; then
 * every segment goes to that protocol's conversation. What no protocol recognises is named and told
 * of once. Not thread-safe.
 */
final class Detection implements Conversation, Exchanges {
  /** How many segments are looked at before a connection is given up. */
  private static final int MOST_TRIES = 16;

  /** How long a connection may stay unrecognised before it is told of. */
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  /** Who is told of exchanges, and of what cannot be read. */
  interface Listener extends Exchanges {
    void unread(String what);
  }

  private final List<Protocol> protocols;
  private final Listener listener;
  private @Nullable Conversation conversation;
  private @Nullable Protocol chosen;

  /** The protocol before the upgrade, which cannot come again. */
  private @Nullable Protocol left;

  private @Nullable String stranger;
  private long strangeSince;
  private int tries;
  private boolean told;
  private boolean over;
  private boolean gap;

  Detection(List<Protocol> protocols, Listener listener) {
    this.protocols = protocols;
    this.listener = listener;
  }

  /** Whether a protocol has been recognised. */
  boolean isRecognised() {
    return conversation != null;
  }

  /** The name of the protocol that was recognised. */
  String protocol() {
    return chosen == null ? "" : chosen.name();
  }

  @Override
  public void segment(Segment segment) {
    if (over) {
      return;
    }
    Conversation open = conversation;
    if (open == null) {
      open = choose(segment);
    }
    if (open != null) {
      open.segment(segment);
    }
  }

  private @Nullable Conversation choose(Segment segment) {
    for (Protocol protocol : protocols) {
      Optional<Role> role = protocol.equals(left) ? Optional.empty() : protocol.recognise(segment);
      if (role.isPresent()) {
        chosen = protocol;
        conversation = protocol.open(role.get(), this);
        stranger = null;
        return conversation;
      }
    }
    if (stranger == null) {
      stranger =
          left == null ? Strangers.name(segment) : "what follows an upgrade of " + left.name();
      strangeSince = segment.time();
    }
    if (++tries == MOST_TRIES) {
      tell();
      over = true;
      listener.lost("");
    }
    return null;
  }

  /** Its bytes are read elsewhere, where they are not encrypted. */
  void readElsewhere() {
    told = true;
  }

  private void tell() {
    if (stranger != null && !told) {
      told = true;
      listener.unread(stranger);
    }
  }

  @Override
  public void tick(long now) {
    if (conversation != null) {
      conversation.tick(now);
    } else if (stranger != null && now - strangeSince > PATIENCE_NANOS) {
      tell();
    }
  }

  @Override
  public void closed(long time, boolean wholly) {
    if (conversation != null) {
      conversation.closed(time, wholly);
    } else {
      tell();
    }
  }

  @Override
  public void giveUp() {
    over = true;
    if (conversation != null) {
      conversation.giveUp();
      conversation = null;
    }
  }

  @Override
  public int held() {
    return conversation == null ? 0 : conversation.held();
  }

  @Override
  public void began(Exchange exchange) {
    listener.began(exchange);
  }

  @Override
  public void ended(Exchange exchange) {
    listener.ended(exchange);
  }

  @Override
  public void abandoned(Exchange exchange) {
    listener.abandoned(exchange);
  }

  @Override
  public void withdrawn(Exchange exchange) {
    listener.withdrawn(exchange);
  }

  @Override
  public void lost(String reason) {
    over = true;
    listener.unread(reason);
    listener.lost(reason);
  }

  @Override
  public void passedOver(String what) {
    if (!gap) {
      gap = true;
      listener.unread(what);
    }
  }

  @Override
  public void switched() {
    left = chosen;
    conversation = null;
    tries = 0;
  }
}
