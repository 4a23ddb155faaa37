package dev.troth.watch;

import dev.troth.watch.change.Change;
import dev.troth.watch.change.Fields;

/** Finds {@code @user} in the changed texts of a change. */
final class Mention {
  private Mention() {}

  static boolean of(String user, Change change) {
    for (var field : change.after().values().entrySet()) {
      if (field.getValue() instanceof String text
          && text.indexOf('@') >= 0
          && says(text, "@" + user)
          && !Fields.same(change.before().values().get(field.getKey()), text)) {
        return true;
      }
    }
    return false;
  }

  private static boolean says(String text, String sign) {
    for (int at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      int end = at + sign.length();
      boolean begins = at == 0 || !isName(text.charAt(at - 1));
      if (begins && (end == text.length() || !isName(text.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isName(char character) {
    return Character.isLetterOrDigit(character) || character == '_' || character == '-';
  }
}
