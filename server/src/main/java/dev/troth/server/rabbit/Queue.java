package dev.troth.server.rabbit;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A queue and how to get at it.
 *
 * @param authority certificates that vouch for the broker, in PEM; empty for those that Java trusts
 */
public record Queue(QueueAddress address, String password, String authority) {
  private static final Pattern PASSWORD = Pattern.compile("[^\\p{Cntrl}]{1,1000}");
  private static final int LONGEST_AUTHORITY = 64 * 1024;

  public Queue {
    if (!PASSWORD.matcher(password).matches()) {
      throw new IllegalArgumentException(
          "the password has %d characters or controls, expected 1 to 1000 and none"
              .formatted(password.length()));
    }
    if (!authority.isEmpty()) {
      if (!address.tls()) {
        throw new IllegalArgumentException(
            "an authority is given, expected it with amqps:// alone");
      }
      var _ = certificates(authority);
    }
  }

  /** The authority's certificates. */
  List<X509Certificate> certificates() {
    return certificates(authority);
  }

  private static List<X509Certificate> certificates(String pem) {
    if (pem.length() > LONGEST_AUTHORITY) {
      throw new IllegalArgumentException(
          "the authority has %d characters, expected at most %d"
              .formatted(pem.length(), LONGEST_AUTHORITY));
    }
    try {
      List<X509Certificate> read =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!read.isEmpty()) {
        return read;
      }
    } catch (CertificateException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "the authority cannot be read, expected certificates in PEM");
  }

  /** Without the password. */
  @Override
  public String toString() {
    return address.shown();
  }
}
