package dev.troth.watch.change;

/**
 * Anything that can change and be watched, named {@code type/id}: {@code record/42}, {@code
 * slo/orders}, {@code table/shop.orders/7}.
 *
 * @param type the kind of thing: a lower-case word of at most 64 characters
 * @param id its name within the type, at most 512 characters; may itself contain slashes
 */
public record Subject(String type, String id) implements Comparable<Subject> {
  private static final int LONGEST_TYPE = 64;
  private static final int LONGEST_ID = 512;

  public Subject {
    if (!isType(type)) {
      throw new IllegalArgumentException(
          "subject type is '%s', expected a lower-case word such as record".formatted(type));
    }
    if (id.isEmpty() || id.length() > LONGEST_ID || !isId(id)) {
      throw new IllegalArgumentException(
          "subject id is '%s', expected 1 to %d characters without '*' and controls"
              .formatted(id, LONGEST_ID));
    }
  }

  // Subjects are made with each change and each step of its telling: plain loops.
  private static boolean isType(String type) {
    if (type.isEmpty() || type.length() > LONGEST_TYPE || !isLetter(type.charAt(0))) {
      return false;
    }
    for (int i = 1; i < type.length(); i++) {
      char character = type.charAt(i);
      boolean digit = character >= '0' && character <= '9';
      if (!isLetter(character) && !digit && character != '_' && character != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char character) {
    return character >= 'a' && character <= 'z';
  }

  private static boolean isId(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (!allowed(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean allowed(char character) {
    // Line and paragraph separators would break a log's line, as controls do.
    return character != '*'
        && !Character.isISOControl(character)
        && character != 0x2028
        && character != 0x2029;
  }

  /** Reads {@code type/id}. */
  public static Subject parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException(
          "subject is '%s', expected type/id such as record/42".formatted(text));
    }
    return new Subject(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(Subject other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return type + "/" + id;
  }
}
