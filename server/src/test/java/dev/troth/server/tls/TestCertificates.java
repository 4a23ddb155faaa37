package dev.troth.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates for this machine that openssl makes, and clients that trust them. */
public final class TestCertificates {
  private final Path folder;

  public TestCertificates(Path folder) {
    this.folder = folder;
  }

  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Makes NAME.crt and NAME.key; {@code kind} is how openssl names an algorithm. */
  public void make(String name, String... kind) throws Exception {
    List<String> command = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "30"));
    command.addAll(List.of("-subj", "/CN=" + name, "-addext"));
    command.addAll(List.of("subjectAltName=DNS:localhost,IP:127.0.0.1", "-newkey"));
    command.addAll(List.of(kind));
    command.addAll(
        List.of("-keyout", file(name + ".key").toString(), "-out", file(name + ".crt").toString()));
    openssl(command.toArray(String[]::new));
  }

  /** The same with a key of a curve, which counts between two times, such as 20260131093000Z. */
  void makeBetween(String name, String from, String to) throws Exception {
    Path config =
        Files.writeString(
            file(name + ".cnf"),
            """
            [ca]
            default_ca = own
            [own]
            database = %1$s/%2$s.index
            new_certs_dir = %1$s
            serial = %1$s/%2$s.serial
            default_md = sha256
            policy = any
            [any]
            commonName = supplied
            [names]
            subjectAltName = DNS:localhost,IP:127.0.0.1
            """
                .formatted(folder, name));
    Files.writeString(file(name + ".index"), "");
    Files.writeString(file(name + ".serial"), "01\n");
    String key = file(name + ".key").toString();
    String request = file(name + ".csr").toString();
    openssl(
        "req",
        "-new",
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-keyout",
        key,
        "-out",
        request);
    openssl(
        "ca",
        "-batch",
        "-selfsign",
        "-notext",
        "-config",
        config.toString(),
        "-keyfile",
        key,
        "-in",
        request,
        "-startdate",
        from,
        "-enddate",
        to,
        "-extensions",
        "names",
        "-out",
        file(name + ".crt").toString());
  }

  void openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Path log = file("openssl.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  /** What a client needs that trusts these certificates alone. */
  SSLContext trusting(String... names) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (String name : names) {
      trusted.setCertificateEntry(name, certificate(name));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  Certificate certificate(String name) throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file(name + ".crt"))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
