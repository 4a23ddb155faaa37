package dev.troth.observe.postgres;

import java.nio.charset.StandardCharsets;

/** The texts of a message, each ended by a zero. */
final class Fields {
  private final byte[] content;
  private int at;

  Fields(byte[] content) {
    this.content = content;
  }

  Fields skip(int bytes) {
    at += bytes;
    return this;
  }

  String text() {
    int from = Math.min(at, content.length);
    int end = from;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    at = end + 1;
    return new String(content, from, end - from, StandardCharsets.UTF_8);
  }

  /** SQLSTATE, the field of an error with the name C. */
  String code() {
    while (at < content.length && content[at] != 0) {
      byte name = content[at++];
      String value = text();
      if (name == 'C') {
        return value;
      }
    }
    return "error";
  }
}
