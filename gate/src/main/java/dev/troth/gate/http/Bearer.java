package dev.troth.gate.http;

import dev.troth.gate.core.Bytes;

/** The credentials of an {@code Authorization} field (RFC 6750 §2.1). */
final class Bearer {
  private static final byte[] SCHEME = Bytes.ascii("bearer ");

  private Bearer() {}

  /** Where the token of {@code Bearer TOKEN} begins, or -1 if the text is something else. */
  static int token(byte[] text, int from, int to) {
    int token = from + SCHEME.length;
    if (token >= to || !Bytes.equalIgnoringCase(text, from, token, SCHEME)) {
      return -1;
    }
    while (token < to && text[token] == ' ') {
      token++;
    }
    return token;
  }
}
