package dev.troth.observe.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of topics by their ids, which newer versions send in the place of names. They are
 * learned from answers about metadata on any connection; the latest ones stay. Not thread-safe.
 */
final class Topics {
  private static final int MOST = 2_000;

  /** The id of a topic. */
  record Id(long high, long low) {}

  private final Map<Id, String> names =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, String> eldest) {
          return size() > MOST;
        }
      };

  /** The name, empty if it is not known. */
  String name(Id id) {
    return names.getOrDefault(id, "");
  }

  /** Learns the names in an answer about metadata. */
  void learn(byte[] body, int version) {
    if (version < Api.METADATA_WITH_IDS) {
      return;
    }
    Cursor in = new Cursor(body, Api.METADATA.bodyOfResponse(body, version), true);
    in.int32(); // throttled
    for (int left = in.elements(); left > 0 && !in.isShort(); left--) {
      in.int32(); // broker
      in.text();
      in.int32();
      in.text();
      in.tags();
    }
    in.text(); // cluster
    in.int32(); // controller
    for (int left = in.elements(); left > 0 && !in.isShort(); left--) {
      topic(in);
    }
  }

  private void topic(Cursor in) {
    in.int16(); // error
    String name = in.text();
    Id id = new Id(in.int64(), in.int64());
    boolean whole = !in.isShort();
    if (whole && !name.isEmpty() && !id.equals(new Id(0, 0))) {
      names.put(id, name);
    }
    in.int8(); // internal
    for (int left = in.elements(); left > 0 && !in.isShort(); left--) {
      in.int16(); // error
      in.skip(12); // index, leader, epoch
      for (int lists = 0; lists < 3; lists++) {
        in.skip(4L * Math.max(0, in.elements()));
      }
      in.tags();
    }
    in.int32(); // operations
    in.tags();
  }
}
