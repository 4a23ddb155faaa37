package dev.troth.server.delivery;

import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.watch.delivery.Pace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The attempts that are under way, and how many more may be. Each receiver has {@value #FOUR}
 * places. One that has taken what it was given at once has more, one more for each message, out of
 * places that all of its kind share: so whatever becomes of it, the others' four are theirs. The
 * first message that it does not take at once leaves it with four again. Used by one thread.
 */
final class UnderWay {
  /** So many to one receiver, whoever it is. */
  static final int FOUR = 4;

  /** All attempts, but for those that quick receivers have beyond their four. */
  private static final int MOST = 64;

  /** However many addresses somebody has, others keep three quarters of the room. */
  private static final int MOST_PER_USER = MOST / 4;

  /** What quick receivers have beyond their four, together. */
  private static final int MOST_BEYOND = 32;

  /** So many are made again at most when a platform is killed. */
  static final int MOST_AT_ONCE = MOST + MOST_BEYOND;

  private static final int QUICK_ONES_REMEMBERED = 1_000;

  private final Map<Receiver, Integer> counts;
  private final Map<Receiver, Integer> windows;

  UnderWay() {
    this(
        new HashMap<>(),
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Receiver, Integer> eldest) {
            return size() > QUICK_ONES_REMEMBERED;
          }
        });
  }

  private UnderWay(Map<Receiver, Integer> counts, Map<Receiver, Integer> windows) {
    this.counts = counts;
    this.windows = windows;
  }

  /** The same, to plan with: what begins in it has not begun here. */
  UnderWay copy() {
    return new UnderWay(new HashMap<>(counts), windows);
  }

  void begin(Receiver receiver) {
    counts.merge(receiver, 1, Integer::sum);
  }

  /**
   * An attempt has ended.
   *
   * @param quick whether the receiver took it at once
   */
  void end(Receiver receiver, boolean quick) {
    counts.computeIfPresent(receiver, (key, count) -> count == 1 ? null : count - 1);
    if (quick) {
      int window = windows.getOrDefault(receiver, FOUR) + 1;
      windows.put(receiver, Math.min(window, FOUR + MOST_BEYOND));
    } else {
      windows.remove(receiver);
    }
  }

  int to(Receiver receiver) {
    return counts.getOrDefault(receiver, 0);
  }

  /** How many a receiver may have by itself, whatever the others do. */
  int window(Receiver receiver) {
    return windows.getOrDefault(receiver, FOUR);
  }

  /** Whether nobody may begin anything. */
  boolean isFull() {
    return ofFour() >= MOST && beyond() >= MOST_BEYOND;
  }

  private int ofFour() {
    return counts.values().stream().mapToInt(count -> Math.min(count, FOUR)).sum();
  }

  private int beyond() {
    return counts.values().stream().mapToInt(count -> Math.max(0, count - FOUR)).sum();
  }

  /**
   * How many more may go to a receiver now.
   *
   * @param pace of its channel
   */
  int room(Receiver receiver, Pace pace) {
    String kind = kind(receiver.channel());
    int channels = 0;
    int both = 0;
    int users = 0;
    for (Map.Entry<Receiver, Integer> one : counts.entrySet()) {
      boolean same = kind(one.getKey().channel()).equals(kind);
      boolean own = one.getKey().user().equals(receiver.user());
      channels += same ? one.getValue() : 0;
      both += same && own ? one.getValue() : 0;
      users += own ? Math.min(one.getValue(), FOUR) : 0;
    }
    int has = to(receiver);
    int first = Math.max(0, Math.min(FOUR - has, Math.min(MOST_PER_USER - users, MOST - ofFour())));
    int then =
        has + first < FOUR
            ? 0
            : Math.max(0, Math.min(window(receiver) - Math.max(has, FOUR), MOST_BEYOND - beyond()));
    int paced = Math.min(pace.atOnce() - channels, pace.ofOneUser() - both);
    return Math.max(0, Math.min(first + then, paced));
  }

  /** A channel may name one of several addresses: {@code webhook/ops} is a webhook. */
  static String kind(String channel) {
    int slash = channel.indexOf('/');
    return slash < 0 ? channel : channel.substring(0, slash);
  }
}
