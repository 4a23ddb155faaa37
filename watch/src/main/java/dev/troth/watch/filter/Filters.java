package dev.troth.watch.filter;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Filters that were read lately, so that thousands of watches with one filter share it. Safe for
 * use by many threads.
 */
public final class Filters {
  private static final int MOST = 1_000;

  private final Map<String, Filter> byText =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Filter> eldest) {
          return size() > MOST;
        }
      };

  /**
   * As {@link Filter#parse}.
   *
   * @throws FilterException naming the place and what was expected there
   */
  public Filter parse(String text) {
    if (text.isEmpty()) {
      return Filter.any();
    }
    synchronized (byText) {
      Filter known = byText.get(text);
      if (known != null) {
        return known;
      }
    }
    Filter filter = Filter.parse(text);
    synchronized (byText) {
      byText.put(text, filter);
    }
    return filter;
  }
}
