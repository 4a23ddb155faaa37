package dev.troth.observe.kafka;

import dev.troth.observe.exchange.Facts;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads the bodies of produce and fetch: topics, partitions, records and errors. */
final class Bodies {
  /**
   * What a body says.
   *
   * @param answered whether an answer will come
   * @param context the trace context of all records, empty if there is none
   */
  record Produce(Facts.Messaging facts, boolean answered, String context) {}

  private final Topics topics;
  private final Set<String> names = new HashSet<>();
  private final Set<Integer> partitions = new HashSet<>();
  private boolean unnamed;
  private int error;

  Bodies(Topics topics) {
    this.topics = topics;
  }

  /** A request to produce. */
  Produce produce(Header header, byte[] kept) {
    boolean flexible = Api.PRODUCE.isFlexible(header.version());
    Cursor in = new Cursor(kept, header.bytes(), flexible);
    in.tags();
    in.text(); // transaction
    int acknowledgements = in.int16();
    boolean knows = !in.isShort();
    in.int32(); // timeout
    Batches batches = new Batches();
    for (int topic = in.elements(); topic > 0 && !in.isShort(); topic--) {
      topic(in, header.version() >= Api.PRODUCE_BY_ID);
      for (int left = in.elements(); left > 0 && !in.isShort(); left--) {
        partitions.add(in.int32());
        int length = in.recordBytes();
        if (!in.isShort()) {
          batches.read(in, kept, Math.max(0, length));
          in.tags();
        }
      }
      in.tags();
    }
    // What lies behind the bytes that were kept of the last batch holds no topic and no record
    // that was not counted, unless more than that batch was cut.
    if (in.isShort() && batches.count() == 0) {
      batches.missing();
    }
    return new Produce(
        facts("send", header.client(), in.isShort() ? -1 : batches.count()),
        !knows || acknowledgements != 0,
        in.isShort() ? "" : batches.context());
  }

  /** The same request with the errors of its answer; empty if they were not seen. */
  Optional<Facts.Messaging> produced(Facts.Messaging asked, int version, byte[] kept) {
    Cursor in =
        new Cursor(
            kept, Api.PRODUCE.bodyOfResponse(kept, version), Api.PRODUCE.isFlexible(version));
    for (int topic = in.elements(); topic > 0 && !in.isShort(); topic--) {
      topic(in, version >= Api.PRODUCE_BY_ID);
      for (int left = in.elements(); left > 0 && !in.isShort(); left--) {
        in.int32(); // partition
        failed(in.int16());
        in.skip(version >= 5 ? 24 : 16); // offset, time, first offset
        if (version >= 8) {
          for (int wrong = in.elements(); wrong > 0 && !in.isShort(); wrong--) {
            in.int32();
            in.text();
            in.tags();
          }
          in.text();
        }
        in.tags();
      }
      in.tags();
    }
    return in.isShort() && error == 0
        ? Optional.empty()
        : Optional.of(asked.failed(Errors.name(error)));
  }

  /** An answer to a request to fetch; empty if not even its first partition was seen. */
  Optional<Facts.Messaging> fetched(String client, int version, byte[] kept, int length) {
    Cursor in =
        new Cursor(kept, Api.FETCH.bodyOfResponse(kept, version), Api.FETCH.isFlexible(version));
    in.int32(); // throttled
    if (version >= 7) {
      failed(in.int16());
      in.int32(); // session
    }
    Batches batches = new Batches();
    for (int topic = in.elements(); topic > 0 && !in.isShort(); topic--) {
      boolean byId = version >= Api.FETCH_BY_ID;
      String name = byId ? topics.name(new Topics.Id(in.int64(), in.int64())) : in.text();
      boolean used = false;
      for (int left = in.elements(); left > 0 && !in.isShort(); left--) {
        used |= partition(in, version, kept, batches);
      }
      if (used) {
        named(name);
      }
      in.tags();
    }
    boolean whole = kept.length == length && !in.isShort();
    return in.isShort() && error == 0 && partitions.isEmpty()
        ? Optional.empty()
        : Optional.of(
            facts("poll", client, whole ? batches.count() : -1).failed(Errors.name(error)));
  }

  /** Whether it brought records, or an error. */
  private boolean partition(Cursor in, int version, byte[] kept, Batches batches) {
    int index = in.int32();
    int code = in.int16();
    failed(code);
    in.skip(version >= 5 ? 24 : 16); // watermark, last stable, first
    for (int left = in.elements(); left > 0 && !in.isShort(); left--) {
      in.skip(16);
      in.tags();
    }
    if (version >= 11) {
      in.int32(); // replica
    }
    int length = in.recordBytes();
    boolean used = !in.isShort() && (length > 0 || code != 0);
    if (used) {
      partitions.add(index);
    }
    if (!in.isShort()) {
      batches.read(in, kept, Math.max(0, length));
      in.tags();
    }
    return used;
  }

  private void topic(Cursor in, boolean byId) {
    String name = byId ? topics.name(new Topics.Id(in.int64(), in.int64())) : in.text();
    if (!in.isShort()) {
      named(name);
    }
  }

  private void named(String name) {
    unnamed |= name.isEmpty();
    if (!name.isEmpty()) {
      names.add(name);
    }
  }

  private void failed(int code) {
    if (error == 0) {
      error = code;
    }
  }

  /** Of several topics or partitions none is named. */
  private Facts.Messaging facts(String operation, String client, long count) {
    return new Facts.Messaging(
        "kafka",
        operation,
        !unnamed && names.size() == 1 ? names.iterator().next() : "",
        partitions.size() == 1 ? Integer.toString(partitions.iterator().next()) : "",
        client,
        count,
        "");
  }
}
