package dev.troth.server.channel;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * A web address with a secret behind a {@code #}, where none is ever sent: {@code
 * https://ntfy.example/topic#tk_…}.
 *
 * @param url without the secret
 * @param secret printable ASCII, so that it cannot end a header; empty without one
 */
record SecretAddress(URI url, String secret) {
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{0,512}");

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException when it is none; the message does not repeat the secret
   */
  static SecretAddress parse(String text, String expected) {
    int hash = text.indexOf('#');
    String url = hash < 0 ? text : text.substring(0, hash);
    String secret = hash < 0 ? "" : text.substring(hash + 1);
    if (!PRINTABLE.matcher(secret).matches()) {
      throw new IllegalArgumentException(
          "what follows the # of the address %s has spaces, letters beyond ASCII or more than 512 characters, expected %s"
              .formatted(url, expected));
    }
    return new SecretAddress(PinnedClient.requireWebAddress("address", url, expected), secret);
  }

  /** Its host alone: who knows the rest may write there. */
  static String shown(URI url) {
    return "%s://%s/…".formatted(url.getScheme(), url.getRawAuthority());
  }
}
