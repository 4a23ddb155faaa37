package dev.troth.contracts.generate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Gives out names that are legal and free in one scope. */
final class Names {
  private final Set<String> reserved;
  private final Set<String> taken;

  /** A scope in which those words may not be used. */
  Names(Set<String> reserved) {
    this.reserved = reserved;
    taken = new HashSet<>(reserved);
  }

  /** That name; with an underscore after it if it is reserved, with a number if it is taken. */
  String free(String wanted) {
    String name = reserved.contains(wanted) ? wanted + "_" : wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + (Character.isDigit(wanted.charAt(wanted.length() - 1)) ? "_" : "") + i;
    }
    return name;
  }

  /** {@code PaymentMethod}. */
  static String upperCamel(String text) {
    StringBuilder out = new StringBuilder();
    for (String word : words(text)) {
      out.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return letterFirst(out.toString(), "X");
  }

  /** {@code paymentMethod}. */
  static String lowerCamel(String text) {
    String name = upperCamel(text);
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  /** {@code payment_method}. */
  static String snake(String text) {
    return letterFirst(String.join("_", words(text)).toLowerCase(Locale.ROOT), "x_");
  }

  /** {@code PAYMENT_METHOD}. */
  static String constant(String text) {
    return letterFirst(String.join("_", words(text)).toUpperCase(Locale.ROOT), "X_");
  }

  private static String letterFirst(String name, String prefix) {
    return name.isEmpty() || Character.isDigit(name.charAt(0)) ? prefix + name : name;
  }

  /** Runs of ASCII letters and digits, also parted where a capital follows a small letter. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char before = ' ';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean inWord = c < 0x80 && Character.isLetterOrDigit(c);
      boolean begins = Character.isUpperCase(c) && !Character.isUpperCase(before);
      if ((!inWord || begins) && !word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
      if (inWord) {
        word.append(c);
      }
      before = c;
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }
}
