package dev.troth.contracts.format;

import java.util.Arrays;
import java.util.Optional;

/** Punycode (RFC 3492). */
final class Punycode {
  private static final int BASE = 36;
  private static final int TMIN = 1;
  private static final int TMAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int INITIAL_BIAS = 72;
  private static final int INITIAL_N = 128;

  private Punycode() {}

  /** The text that an encoded label (without {@code xn--}) stands for. */
  static Optional<String> decode(String encoded) {
    int basic = Math.max(0, encoded.lastIndexOf('-'));
    int[] out = new int[encoded.length() + 1];
    int length = 0;
    for (; length < basic; length++) {
      out[length] = encoded.charAt(length);
    }
    int n = INITIAL_N;
    int i = 0;
    int bias = INITIAL_BIAS;
    int at = basic > 0 ? basic + 1 : 0;
    while (at < encoded.length()) {
      int start = i;
      long weight = 1;
      for (int k = BASE; ; k += BASE) {
        int digit = at < encoded.length() ? digit(encoded.charAt(at++)) : -1;
        long next = i + digit * weight;
        if (digit < 0 || next > Integer.MAX_VALUE) {
          return Optional.empty();
        }
        i = (int) next;
        int threshold = threshold(k, bias);
        if (digit < threshold) {
          break;
        }
        weight *= BASE - threshold;
        if (weight > Integer.MAX_VALUE) {
          return Optional.empty();
        }
      }
      length++;
      bias = adapt(i - start, length, start == 0);
      n += i / length;
      i %= length;
      if (n > Character.MAX_CODE_POINT || length > out.length - 1) {
        return Optional.empty();
      }
      System.arraycopy(out, i, out, i + 1, length - 1 - i);
      out[i++] = n;
    }
    return Optional.of(new String(out, 0, length));
  }

  static String encode(String text) {
    int[] input = text.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    Arrays.stream(input).filter(c -> c < 128).forEach(out::appendCodePoint);
    int basic = out.length();
    int handled = basic;
    if (basic > 0) {
      out.append('-');
    }
    int n = INITIAL_N;
    int delta = 0;
    int bias = INITIAL_BIAS;
    while (handled < input.length) {
      int floor = n;
      int next = Arrays.stream(input).filter(c -> c >= floor).min().orElseThrow();
      delta += (next - n) * (handled + 1);
      n = next;
      for (int c : input) {
        if (c < n) {
          delta++;
        } else if (c == n) {
          append(out, delta, bias);
          bias = adapt(delta, handled + 1, handled == basic);
          delta = 0;
          handled++;
        }
      }
      delta++;
      n++;
    }
    return out.toString();
  }

  private static void append(StringBuilder out, int delta, int bias) {
    int q = delta;
    for (int k = BASE; ; k += BASE) {
      int threshold = threshold(k, bias);
      if (q < threshold) {
        break;
      }
      out.append(letter(threshold + (q - threshold) % (BASE - threshold)));
      q = (q - threshold) / (BASE - threshold);
    }
    out.append(letter(q));
  }

  private static char letter(int digit) {
    return (char) (digit < 26 ? 'a' + digit : '0' + digit - 26);
  }

  private static int threshold(int k, int bias) {
    return Math.clamp(k - bias, TMIN, TMAX);
  }

  private static int adapt(int delta, int length, boolean first) {
    int d = first ? delta / DAMP : delta / 2;
    d += d / length;
    int k = 0;
    while (d > (BASE - TMIN) * TMAX / 2) {
      d /= BASE - TMIN;
      k += BASE;
    }
    return k + (BASE - TMIN + 1) * d / (d + SKEW);
  }

  private static int digit(char c) {
    if (c >= 'a' && c <= 'z') {
      return c - 'a';
    }
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    return Ascii.isDigit(c) ? c - '0' + 26 : -1;
  }
}
