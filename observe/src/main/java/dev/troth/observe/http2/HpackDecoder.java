package dev.troth.observe.http2;

import dev.troth.observe.exchange.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Decodes header blocks of one direction of one connection (RFC 7541); keeps its dynamic table.
 * Broken input is an {@link IllegalArgumentException}, after which the connection is lost.
 */
public final class HpackDecoder {
  private static final int ENTRY_OVERHEAD = 32;
  private static final int MOST_HEADERS = 1_000;

  /** A field that the other side knows from before this decoder began. */
  static final Header UNKNOWN = new Header("", "");

  private static final int MOST_UNKNOWN = 4_096;

  private final int limit;
  private final boolean late;
  private final Deque<Header> table = new ArrayDeque<>();
  private int capacity;
  private int used;
  private byte[] block = {};
  private int at;

  /**
   * @param limit the most bytes of dynamic table that this side has allowed
   */
  public HpackDecoder(int limit) {
    this(limit, limit, false);
  }

  /**
   * @param capacity the bytes of dynamic table that the other side begins with
   * @param limit the most that it may ask for
   * @param late whether the connection began before; what its table held then is {@link #UNKNOWN}.
   *     New entries come first in the table, so they are known by their numbers all the same.
   */
  HpackDecoder(int capacity, int limit, boolean late) {
    this.limit = limit;
    this.capacity = capacity;
    this.late = late;
  }

  /** The bytes of the dynamic table. */
  int held() {
    return used;
  }

  public List<Header> decode(byte[] bytes) {
    block = bytes;
    at = 0;
    List<Header> headers = new ArrayList<>();
    while (at < block.length) {
      if (headers.size() > MOST_HEADERS) {
        throw new IllegalArgumentException("a header block has more than 1000 fields");
      }
      int first = block[at] & 0xff;
      if ((first & 0x80) != 0) {
        headers.add(entry(integer(7)));
      } else if ((first & 0x40) != 0) {
        Header header = literal(6);
        insert(header);
        headers.add(header);
      } else if ((first & 0x20) != 0) {
        resize(integer(5));
      } else {
        headers.add(literal(4));
      }
    }
    return headers;
  }

  private Header literal(int prefix) {
    int index = integer(prefix);
    String name = index == 0 ? string() : entry(index).name();
    return new Header(name, string());
  }

  private Header entry(int index) {
    if (index >= 1 && index <= StaticTable.SIZE) {
      return StaticTable.entry(index);
    }
    int skip = index - StaticTable.SIZE - 1;
    if (late && skip >= table.size() && skip < MOST_UNKNOWN) {
      return UNKNOWN;
    }
    if (skip < 0 || skip >= table.size()) {
      throw new IllegalArgumentException("header index " + index + " is not in the table");
    }
    Iterator<Header> entries = table.iterator();
    for (int i = 0; i < skip; i++) {
      entries.next();
    }
    return entries.next();
  }

  private void insert(Header header) {
    int size = size(header);
    evict(capacity - size);
    if (size <= capacity) {
      table.addFirst(header);
      used += size;
    }
  }

  private void resize(int newCapacity) {
    if (newCapacity > limit) {
      throw new IllegalArgumentException(
          "header table of " + newCapacity + " bytes, expected at most " + limit);
    }
    capacity = newCapacity;
    evict(capacity);
  }

  private void evict(int room) {
    while (used > Math.max(0, room) && !table.isEmpty()) {
      used -= size(table.removeLast());
    }
  }

  private static int size(Header header) {
    return header.name().length() + header.value().length() + ENTRY_OVERHEAD;
  }

  /** An integer with a prefix of so many bits (RFC 7541 §5.1). */
  private int integer(int prefix) {
    int mask = (1 << prefix) - 1;
    int value = next() & mask;
    if (value < mask) {
      return value;
    }
    for (int shift = 0; shift <= 21; shift += 7) {
      int b = next();
      value += (b & 0x7f) << shift;
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("an integer of a header block is too large");
  }

  private String string() {
    if (at >= block.length) {
      throw new IllegalArgumentException("a header block is cut off");
    }
    boolean huffman = (block[at] & 0x80) != 0;
    int length = integer(7);
    if (length > block.length - at) {
      throw new IllegalArgumentException("a header block is cut off");
    }
    int from = at;
    at += length;
    return huffman
        ? new String(Huffman.decode(block, from, at), StandardCharsets.ISO_8859_1)
        : new String(block, from, length, StandardCharsets.ISO_8859_1);
  }

  private int next() {
    if (at >= block.length) {
      throw new IllegalArgumentException("a header block is cut off");
    }
    return block[at++] & 0xff;
  }
}
