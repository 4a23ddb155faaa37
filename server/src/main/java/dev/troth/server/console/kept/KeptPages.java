package dev.troth.server.console.kept;

import dev.troth.server.auth.Caller;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.http.PageResponse;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Filled pages, each for one caller at one address, kept while nothing that they show has moved: it
 * is a {@link Stamp}, and the time at which the first of its words for times would be another. Who
 * asks again gets the same bytes, packed once, or hears that theirs are still right.
 *
 * <p>A page is found by the whole of who asks and for what, so that none is ever shown to another.
 * All together have a bound; what was asked for longest ago goes first. Safe for use by many
 * threads.
 */
public final class KeptPages {
  /** The bytes of all pages; packed ones come on top, at about a fifth of these. */
  private static final long MOST_BYTES = 6 << 20;

  /** One page of this size would push out too many others. */
  private static final int LONGEST = 512 << 10;

  /** Who asks, and all of a request that a page shows. */
  private record Key(Caller caller, String theme, String base, String path) {
    static Key of(Visit visit) {
      return new Key(visit.caller(), visit.theme(), visit.base(), visit.path());
    }
  }

  private record Kept(PageResponse.Content page, Stamp stamp, Instant read, Instant until) {
    boolean holds(Stamp now, Instant at) {
      return stamp.equals(now) && !at.isBefore(read) && at.isBefore(until);
    }
  }

  private final Map<Key, Kept> pages = new LinkedHashMap<>(16, 0.75f, true);
  private final String name = Long.toHexString(ThreadLocalRandom.current().nextLong());
  private long bytes;
  private long count;

  /** The page of a visit, if it is the same still. */
  public synchronized Optional<PageResponse.Content> find(Visit visit, Stamp now) {
    return Optional.ofNullable(pages.get(Key.of(visit)))
        .filter(kept -> kept.holds(now, visit.moment().now()))
        .map(Kept::page);
  }

  /**
   * Keeps a page that was just filled, with a name that no other page ever has.
   *
   * @param stamp taken before anything of it was read
   */
  public synchronized PageResponse.Content keep(Visit visit, Stamp stamp, byte[] html) {
    Moment moment = visit.moment();
    if (html.length > LONGEST || !moment.until().isAfter(moment.now())) {
      return new PageResponse.Content(html);
    }
    count++;
    PageResponse.Content page = new PageResponse.Content(html, name + "-" + count);
    Kept before = pages.put(Key.of(visit), new Kept(page, stamp, moment.now(), moment.until()));
    bytes += html.length - (before == null ? 0 : before.page().length());
    Iterator<Kept> eldest = pages.values().iterator();
    while (bytes > MOST_BYTES && eldest.hasNext()) {
      bytes -= eldest.next().page().length();
      eldest.remove();
    }
    return page;
  }
}
