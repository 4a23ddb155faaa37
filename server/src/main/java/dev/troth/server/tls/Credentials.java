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
import java.security.MessageDigest;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate, those that vouch for it, and its private key.
 *
 * @param chain the certificate of the listeners first
 */
record Credentials(List<X509Certificate> chain, PrivateKey key) {
  private static final String CERTIFICATE = "tls.certificate-file";
  private static final long LONGEST = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");
  private static final byte[] PROOF = "troth".getBytes(UTF_8);

  Credentials {
    chain = List.copyOf(chain);
  }

  /** One of the two files, and the setting that names it. */
  private record Place(String setting, Path file) {
    Unusable unusable(String what) {
      return unusable(what, what);
    }

    Unusable unusable(String what, String inPublic) {
      return new Unusable(file + ": " + what, setting + ": " + inPublic);
    }
  }

  /** What is wrong with the files, in words. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;
    private final String inPublic;

    Unusable(String message, String inPublic) {
      super(message);
      this.inPublic = inPublic;
    }

    /** The same for everybody: without the paths of this machine. */
    String inPublic() {
      return inPublic;
    }
  }

  /** Why it does not count at a time, in words; empty if it does. */
  Optional<String> fault(Instant now) {
    for (int i = 0; i < chain.size(); i++) {
      Instant from = chain.get(i).getNotBefore().toInstant();
      Instant to = chain.get(i).getNotAfter().toInstant();
      if (now.isBefore(from)) {
        return Optional.of("certificate %d counts from %s on".formatted(i + 1, from));
      }
      if (now.isAfter(to)) {
        return Optional.of("certificate %d counted until %s".formatted(i + 1, to));
      }
    }
    return Optional.empty();
  }

  /** The SHA-256 of the certificate of the listeners, in hexadecimal digits. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(chain.getFirst().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has no encoding", e);
    }
  }

  /** Until when the first of the chain to end counts. */
  Instant ends() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Reads both files, which have to belong together. */
  static Credentials read(Path certificateFile, Path keyFile) throws Unusable {
    Place certificates = new Place(CERTIFICATE, certificateFile);
    Place key = new Place("tls.key-file", keyFile);
    List<X509Certificate> chain = chain(certificates);
    PublicKey proven = chain.getFirst().getPublicKey();
    PrivateKey own = privateKey(key, proven.getAlgorithm());
    String scheme = scheme(certificates, proven);
    if (!fits(own, proven, scheme)) {
      String what = "is not the key of the first certificate in ";
      throw key.unusable(what + certificateFile, what + CERTIFICATE);
    }
    return new Credentials(chain, own);
  }

  private static List<X509Certificate> chain(Place file) throws Unusable {
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
      String what = "has a certificate that cannot be read";
      throw file.unusable(what + ": " + e.getMessage(), what);
    }
    if (chain.isEmpty()) {
      throw file.unusable("has no certificate, expected -----BEGIN CERTIFICATE-----");
    }
    for (int i = 1; i < chain.size(); i++) {
      if (!chain
          .get(i)
          .getSubjectX500Principal()
          .equals(chain.get(i - 1).getIssuerX500Principal())) {
        throw file.unusable(
            "certificate %d is of %s, expected %s, which issued the one before"
                .formatted(
                    i + 1,
                    chain.get(i).getSubjectX500Principal(),
                    chain.get(i - 1).getIssuerX500Principal()));
      }
    }
    return chain;
  }

  private static PrivateKey privateKey(Place file, String algorithm) throws Unusable {
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
              throw file.unusable("is encrypted, expected a key without a password");
          default -> {
            // Parameters of a curve, or certificates in the same file.
          }
        }
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw file.unusable(
            "has no private key of %s that can be read, as the certificate has it"
                .formatted(algorithm));
      }
    }
    throw file.unusable("has no private key, expected -----BEGIN PRIVATE KEY-----");
  }

  private static PrivateKey decoded(byte[] pkcs8, String algorithm)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static String scheme(Place file, PublicKey proven) throws Unusable {
    return switch (proven.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA" -> "EdDSA";
      default ->
          throw file.unusable(
              "the certificate's key is of %s, expected RSA, EC or EdDSA"
                  .formatted(proven.getAlgorithm()));
    };
  }

  /** Whether what the one signs is genuine to the other. */
  private static boolean fits(PrivateKey own, PublicKey proven, String scheme) {
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

  private static List<Pem> blocks(Place file) throws Unusable {
    String text;
    try {
      BasicFileAttributes is = Files.readAttributes(file.file, BasicFileAttributes.class);
      if (!is.isRegularFile()) {
        // A pipe would be waited for without end.
        throw file.unusable("is not a regular file");
      }
      if (is.size() > LONGEST) {
        throw file.unusable("has %d bytes, expected at most 1 MiB".formatted(is.size()));
      }
      text = Files.readString(file.file, ISO_8859_1);
    } catch (IOException e) {
      throw file.unusable("cannot be read: " + e, "cannot be read");
    }
    List<Pem> blocks = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      String label = block.group(1);
      try {
        String body = block.group(2).replaceAll("\\s", "");
        blocks.add(new Pem(label, Base64.getDecoder().decode(body)));
      } catch (IllegalArgumentException e) {
        throw file.unusable("has a %s that is not Base64".formatted(label));
      }
    }
    return blocks;
  }
}
