package dev.troth.gate.host;

import dev.troth.gate.config.IssuerConfig;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.SettingsWriter;

/** Variables that are lists, their items separated by commas. */
final class Lists {
  private Lists() {}

  static void texts(String name, SettingsWriter settings, int tag) {
    byte[] list = Variables.bytes(name);
    for (int from = 0; list != null && from < list.length; from = end(list, from) + 1) {
      byte[] item = slice(list, from, end(list, from));
      settings.text(tag, tag == SettingsWriter.TYPE ? IssuerConfig.type(item) : item);
    }
  }

  /** The claims as bits, or -1 if one of them cannot be required. */
  static int claims(String name) {
    byte[] list = Variables.bytes(name);
    int bits = 0;
    for (int from = 0; list != null && from < list.length; from = end(list, from) + 1) {
      int bit = IssuerConfig.claim(list, from, end(list, from));
      if (bit < 0) {
        return -1;
      }
      bits |= 1 << bit;
    }
    return bits;
  }

  /** The algorithms as bits, or -1 if one of them is none. */
  static int algorithms(String name) {
    byte[] list = Variables.bytes(name);
    int bits = 0;
    for (int from = 0; list != null && from < list.length; from = end(list, from) + 1) {
      Algorithm algorithm = Algorithm.named(list, from, end(list, from));
      if (algorithm == null) {
        return -1;
      }
      bits |= algorithm.bit();
    }
    return bits;
  }

  private static int end(byte[] list, int from) {
    int at = from;
    while (at < list.length && list[at] != ',') {
      at++;
    }
    return at;
  }

  static byte[] slice(byte[] text, int from, int to) {
    byte[] slice = new byte[to - from];
    System.arraycopy(text, from, slice, 0, slice.length);
    return slice;
  }
}
