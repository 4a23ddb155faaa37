package dev.troth.cli.gate.rehearse;

import dev.troth.gate.core.Reason;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a gate, bounded: of each caller the newest tokens, of all callers together so
 * many and so many bytes. What strangers can send has bounds of its own, so that it pushes out no
 * caller. What is left out is counted. One thread at a time.
 */
final class Recording {
  static final int TOKENS_A_CALLER = 4;
  static final int MOST_CALLERS = 2_000;
  static final int MOST_STRANGERS = 500;
  static final int MOST_BYTES = 6 << 20;
  static final int MOST_BYTES_OF_STRANGERS = 1 << 20;

  /** A token that says more than this is left out. */
  static final int MOST_BYTES_A_TOKEN = 16 << 10;

  private final List<String> claims;
  private final Instant began;
  private final Map<String, Recorded> tokens = new LinkedHashMap<>();
  private final Map<String, Deque<String>> callers = new HashMap<>();
  private final Map<Reason, Long> unread = new EnumMap<>(Reason.class);
  private long leftOut;
  private long missed;
  private int strangers;
  private long bytes;
  private long bytesOfStrangers;

  /**
   * @param claims the names of the claims that it keeps
   */
  Recording(List<String> claims, Instant began) {
    this.claims = List.copyOf(claims);
    this.began = began;
  }

  List<String> claims() {
    return claims;
  }

  Instant began() {
    return began;
  }

  Collection<Recorded> tokens() {
    return tokens.values();
  }

  /** Requests whose tokens no keys and no rules could make acceptable, by reason. */
  Map<Reason, Long> unread() {
    return unread;
  }

  /** Requests beyond the bounds. */
  long leftOut() {
    return leftOut;
  }

  /** Requests that came faster than they could be recorded. */
  long missed() {
    return missed;
  }

  Optional<Recorded> find(String hash) {
    return Optional.ofNullable(tokens.get(hash));
  }

  void unread(Reason reason, long count) {
    unread.merge(reason, count, Long::sum);
  }

  void missed(long count) {
    missed += count;
  }

  void leftOut(long count) {
    leftOut += count;
  }

  boolean isFullOfStrangers() {
    return strangers >= MOST_STRANGERS || bytesOfStrangers >= MOST_BYTES_OF_STRANGERS * 9L / 10;
  }

  /** One more use of a token that is here. */
  void used(Recorded known, Use use) {
    Recorded more = known.used(use);
    long taken = known.isGenuine() ? bytes : bytesOfStrangers;
    boolean fits =
        more.size() <= MOST_BYTES_A_TOKEN && taken + more.size() - known.size() <= limit(known);
    replace(known, fits ? more : known.used(use.withoutPlace()));
  }

  /** A token whose signer was found. */
  void signed(Recorded known, Signers.Found found) {
    if (found.signer().equals(known.signer())) {
      replace(known, known.signedBy(found));
      return;
    }
    // Among its caller's from now on, and no longer among the strangers'.
    remove(known);
    Recorded signed = known.signedBy(found);
    if (room(signed)) {
      put(signed);
    } else {
      signed.uses().forEach(use -> leftOut(use.count()));
    }
  }

  /** A token that is not here yet. */
  void add(Recorded fresh) {
    Deque<String> own = callers.get(fresh.caller());
    Recorded kept = fresh;
    if (own != null && own.size() >= TOKENS_A_CALLER) {
      Optional<Recorded> former = given(own, fresh);
      if (former.isEmpty()) {
        fresh.uses().forEach(use -> leftOut(use.count()));
        return;
      }
      kept = inPlaceOf(former.get(), fresh);
      remove(former.get());
    }
    if (room(kept)) {
      put(kept);
    } else {
      kept.uses().forEach(use -> leftOut(use.count()));
    }
  }

  /** The token of a caller that a newer one replaces: one that was accepted by one that is. */
  private Optional<Recorded> given(Deque<String> own, Recorded fresh) {
    return own.stream()
        .map(tokens::get)
        .filter(token -> token != null && (isAccepted(fresh) || !isAccepted(token)))
        .findFirst();
  }

  private static boolean isAccepted(Recorded token) {
    return token.uses().stream().anyMatch(use -> use.reason() == Reason.VALID);
  }

  /** What a former token was accepted for counts as the newer one's; the rest is left out. */
  private Recorded inPlaceOf(Recorded former, Recorded fresh) {
    Instant now = fresh.uses().getFirst().last();
    Recorded kept = fresh;
    for (Use use : former.uses()) {
      if (use.reason() == Reason.VALID && isAccepted(fresh)) {
        kept = kept.used(new Use(Reason.VALID, use.place(), use.placeLost(), use.count(), now));
      } else {
        leftOut(use.count());
      }
    }
    return kept;
  }

  private boolean room(Recorded token) {
    boolean isNew = !callers.containsKey(token.caller());
    int others = token.isGenuine() ? callers.size() - strangers : strangers;
    int most = token.isGenuine() ? MOST_CALLERS : MOST_STRANGERS;
    long taken = token.isGenuine() ? bytes : bytesOfStrangers;
    return token.size() <= MOST_BYTES_A_TOKEN
        && (!isNew || others < most)
        && taken + token.size() <= limit(token);
  }

  private static long limit(Recorded token) {
    return token.isGenuine() ? MOST_BYTES : MOST_BYTES_OF_STRANGERS;
  }

  void put(Recorded token) {
    tokens.put(token.hash(), token);
    callers
        .computeIfAbsent(
            token.caller(),
            _ -> {
              strangers += token.isGenuine() ? 0 : 1;
              return new ArrayDeque<>();
            })
        .add(token.hash());
    weigh(token, 1);
  }

  private void replace(Recorded former, Recorded token) {
    weigh(former, -1);
    tokens.put(token.hash(), token);
    weigh(token, 1);
  }

  private void remove(Recorded token) {
    tokens.remove(token.hash());
    weigh(token, -1);
    @Nullable Deque<String> own = callers.get(token.caller());
    if (own != null) {
      own.remove(token.hash());
      if (own.isEmpty()) {
        callers.remove(token.caller());
        strangers -= token.isGenuine() ? 0 : 1;
      }
    }
  }

  private void weigh(Recorded token, long sign) {
    if (token.isGenuine()) {
      bytes += sign * token.size();
    } else {
      bytesOfStrangers += sign * token.size();
    }
  }
}
