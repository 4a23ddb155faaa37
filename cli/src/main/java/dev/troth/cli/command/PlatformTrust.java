package dev.troth.cli.command;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which certificates of a platform count: one that its owner knows by its fingerprint, whatever
 * name and end it has, and those that others vouch for, for the name that was asked for.
 */
final class PlatformTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager others;
  private final byte[] fingerprint;

  private PlatformTrust(X509ExtendedTrustManager others, byte[] fingerprint) {
    this.others = others;
    this.fingerprint = fingerprint;
  }

  /**
   * What a client of TLS trusts.
   *
   * @param file certificates that vouch for others; empty for those that Java trusts
   * @param fingerprint the SHA-256 of the one that counts by itself, in hexadecimal digits
   */
  static SSLContext of(Optional<Path> file, Optional<String> fingerprint) {
    try {
      X509ExtendedTrustManager others = vouchers(file);
      byte[] known = fingerprint.map(PlatformTrust::bytes).orElse(new byte[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new PlatformTrust(others, known)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw CommandException.failed("this Java has no TLS: " + e.getMessage());
    }
  }

  private static byte[] bytes(String fingerprint) {
    try {
      return HexFormat.of().parseHex(fingerprint);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "troth.address has the fingerprint '%s', expected hexadecimal digits"
              .formatted(fingerprint));
    }
  }

  private static X509ExtendedTrustManager vouchers(Optional<Path> file)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(file.isPresent() ? store(file.get()) : null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return extended;
      }
    }
    throw new GeneralSecurityException("no trust manager of X.509");
  }

  private static KeyStore store(Path file) throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(InputFile.bytes(file)));
      if (certificates.isEmpty()) {
        throw new CertificateException("it is empty");
      }
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry(Integer.toString(number++), certificate);
      }
      return store;
    } catch (CertificateException | IOException e) {
      throw CommandException.usage(
          "--ca-file %s: has no certificates that can be read, expected PEM (-----BEGIN CERTIFICATE-----)"
              .formatted(file));
    }
  }

  private boolean isKnown(X509Certificate[] chain) throws CertificateException {
    try {
      return fingerprint.length > 0
          && chain.length > 0
          && MessageDigest.isEqual(
              fingerprint, MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new CertificateException(e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    if (!isKnown(chain)) {
      others.checkServerTrusted(chain, type, engine);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    if (!isKnown(chain)) {
      others.checkServerTrusted(chain, type, socket);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (!isKnown(chain)) {
      others.checkServerTrusted(chain, type);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    others.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    others.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    others.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return others.getAcceptedIssuers();
  }
}
