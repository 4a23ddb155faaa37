package dev.troth.server.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate, those that vouch for it, and its private key.
 *
 * @param chain the certificate of the listeners first
 */
record Credentials(List<X509Certificate> chain, PrivateKey key) {
  private static final long LONGEST = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");
  private static final byte[] PROOF = "troth".getBytes(UTF_8);

  Credentials {
    chain = List.copyOf(chain);
  }

  /** What is wrong with the files, in words. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /** Until when the first of the chain to end counts. */
  Instant ends() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Whether all of the chain counts at a time. */
  boolean counts(Instant at) {
    return chain.stream()
        .allMatch(certificate ->
            !at.isBefore(certificate.getNotBefore().toInstant())
                && !at.isAfter(certificate.getNotAfter().toInstant()));
  }

  /** From when all of the chain count. */
  Instant begins() {
    return chain.stream()
        .map(certificate -> certificate.getNotBefore().toInstant())
        .max(Instant::compareTo)
        .orElseThrow();
  }

  /** Reads both files, which have to belong together. */
  static Credentials read(Path certificates, Path key) throws Unusable {
    List<X509Certificate> chain = chain(certificates);
    PublicKey proven = chain.getFirst().getPublicKey();
    PrivateKey own = privateKey(key, proven.getAlgorithm());
    if (!fits(own, proven)) {
      throw new Unusable(
          "%s: is not the key of the first certificate in %s".formatted(key, certificates));
    }
    return new Credentials(chain, own);
  }

  private static List<X509Certificate> chain(Path file) throws Unusable {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Pem block : blocks(file)) {
        if (block.label.equals("CERTIFICATE")) {
          Certificate certificate =
              factory.generateCertificate(new ByteArrayInputStream(block.bytes));
          chain.add((X509Certificate) certificate);
        }
      }
    } catch (CertificateException e) {
      throw new Unusable(
          "%s: has a certificate that cannot be read: %s".formatted(file, e.getMessage()));
    }
    if (chain.isEmpty()) {
      throw new Unusable(
          "%s: has no certificate, expected -----BEGIN CERTIFICATE-----".formatted(file));
    }
    for (int i = 1; i < chain.size(); i++) {
      if (!chain
          .get(i)
          .getSubjectX500Principal()
          .equals(chain.get(i - 1).getIssuerX500Principal())) {
        throw new Unusable(
            "%s: certificate %d is of %s, expected %s, which issued the one before"
                .formatted(
                    file,
                    i + 1,
                    chain.get(i).getSubjectX500Principal(),
                    chain.get(i - 1).getIssuerX500Principal()));
      }
    }
    return chain;
  }

  private static PrivateKey privateKey(Path file, String algorithm) throws Unusable {
    for (Pem block : blocks(file)) {
      try {
        switch (block.label) {
          case "PRIVATE KEY" -> {
            return decoded(block.bytes, algorithm);
          }
          case "RSA PRIVATE KEY" -> {
            return decoded(Pkcs8.ofRsa(block.bytes), algorithm);
          }
          case "EC PRIVATE KEY" -> {
            return decoded(Pkcs8.ofEc(block.bytes), algorithm);
          }
          case "ENCRYPTED PRIVATE KEY" ->
              throw new Unusable(
                  "%s: is encrypted, expected a key without a password".formatted(file));
          default -> {
            // Parameters of a curve, or certificates in the same file.
          }
        }
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new Unusable(
            "%s: has no private key of %s that can be read, as the certificate has it"
                .formatted(file, algorithm));
      }
    }
    throw new Unusable(
        "%s: has no private key, expected -----BEGIN PRIVATE KEY-----".formatted(file));
  }

  private static PrivateKey decoded(byte[] pkcs8, String algorithm)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /** Whether what the one signs is genuine to the other. */
  private static boolean fits(PrivateKey own, PublicKey proven) throws Unusable {
    String scheme =
        switch (proven.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> "EdDSA";
          default ->
              throw new Unusable(
                  "the certificate's key is of %s, expected RSA, EC or EdDSA"
                      .formatted(proven.getAlgorithm()));
        };
    try {
      Signature signature = Signature.getInstance(scheme);
      signature.initSign(own);
      signature.update(PROOF);
      byte[] signed = signature.sign();
      signature.initVerify(proven);
      signature.update(PROOF);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private record Pem(String label, byte[] bytes) {}

  private static List<Pem> blocks(Path file) throws Unusable {
    String text;
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      if (!is.isRegularFile()) {
        // Who reads a pipe may wait for ever.
        throw new Unusable("%s: is no regular file".formatted(file));
      }
      long size = is.size();
      if (size > LONGEST) {
        throw new Unusable("%s: has %d bytes, expected at most 1 MiB".formatted(file, size));
      }
      text = Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new Unusable("%s: cannot be read: %s".formatted(file, e));
    }
    List<Pem> blocks = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      String label = block.group(1);
      try {
        String body = block.group(2).replaceAll("\\s", "");
        blocks.add(new Pem(label, Base64.getDecoder().decode(body)));
      } catch (IllegalArgumentException e) {
        throw new Unusable("%s: has a %s that is not Base64".formatted(file, label));
      }
    }
    return blocks;
  }
}
