package dev.troth.gate.host;

import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.jwk.SecretDocument;
import dev.troth.gate.jwk.SecretDocument.Form;

/** Writes secrets into settings; a file stays of the form that it had at the start. */
final class Secrets {
  private static final int MAX_FILES = 64;

  private final Form[] forms = new Form[MAX_FILES];
  private final Form[] next = new Form[MAX_FILES];

  Secrets() {
    for (int i = 0; i < MAX_FILES; i++) {
      forms[i] = Form.ANY;
    }
  }

  /** Another set of secrets begins. */
  void begin() {
    System.arraycopy(forms, 0, next, 0, MAX_FILES);
  }

  /** The secrets written since the beginning are in force. */
  void taken() {
    System.arraycopy(next, 0, forms, 0, MAX_FILES);
  }

  /** The bytes of one secret; what is wrong with it, or nothing. */
  String write(byte[] text, int algorithms, SettingsWriter settings) {
    return write(SecretDocument.read(text, algorithms, Form.RAW), settings);
  }

  /** The document of the n-th file; what is wrong with it, or nothing. */
  String write(int place, byte[] text, int algorithms, SettingsWriter settings) {
    SecretDocument document = SecretDocument.read(text, algorithms, forms[place]);
    next[place] = document.form();
    return write(document, settings);
  }

  private static String write(SecretDocument document, SettingsWriter settings) {
    document.writeTo(settings);
    return document.problem();
  }
}
