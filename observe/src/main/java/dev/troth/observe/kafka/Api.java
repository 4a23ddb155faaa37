package dev.troth.observe.kafka;

import java.util.Optional;

/** The requests that are understood; others are paired with their answers alone. */
enum Api {
  PRODUCE(0, 3, 13, 9),
  FETCH(1, 4, 18, 12),
  METADATA(3, 0, 14, 9);

  /** From here on topics have ids in answers about metadata. */
  static final int METADATA_WITH_IDS = 10;

  /** From here on produce names topics by their ids. */
  static final int PRODUCE_BY_ID = 13;

  /** From here on fetch names topics by their ids. */
  static final int FETCH_BY_ID = 13;

  private static final int CORRELATION_BYTES = 4;

  private final int key;
  private final int oldest;
  private final int newest;
  private final int flexible;

  Api(int key, int oldest, int newest, int flexible) {
    this.key = key;
    this.oldest = oldest;
    this.newest = newest;
    this.flexible = flexible;
  }

  /** The one of a key, if the version is one that is understood. */
  static Optional<Api> of(int key, int version) {
    for (Api api : values()) {
      if (api.key == key) {
        return version >= api.oldest && version <= api.newest ? Optional.of(api) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  boolean isFlexible(int version) {
    return version >= flexible;
  }

  /** Where the body of an answer begins: behind the correlation id, and tagged fields. */
  int bodyOfResponse(byte[] message, int version) {
    if (!isFlexible(version)) {
      return CORRELATION_BYTES;
    }
    Cursor header = new Cursor(message, CORRELATION_BYTES, true);
    header.tags();
    return header.at();
  }
}
