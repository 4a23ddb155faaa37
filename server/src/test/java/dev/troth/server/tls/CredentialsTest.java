package dev.troth.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of certificates and keys, as the usual tools write them. */
class CredentialsTest {
  @TempDir Path folder;
  private TestCertificates made;

  @BeforeEach
  void certificates() {
    made = new TestCertificates(folder);
  }

  private Credentials read(String certificate, String key) throws Credentials.Unusable {
    return Credentials.read(made.file(certificate), made.file(key));
  }

  @Test
  void keysOfRsaAndOfCurvesAreReadInTheirNewAndInTheirOldForm() throws Exception {
    made.make("rsa", "rsa:2048");
    made.openssl("rsa", "-traditional", "-in", file("rsa.key"), "-out", file("rsa.old"));
    assertThat(Files.readString(made.file("rsa.old"))).contains("BEGIN RSA PRIVATE KEY");
    assertThat(read("rsa.crt", "rsa.old").key()).isEqualTo(read("rsa.crt", "rsa.key").key());
    for (String curve : new String[] {"prime256v1", "secp384r1", "secp521r1"}) {
      made.make(curve, "ec", "-pkeyopt", "ec_paramgen_curve:" + curve);
      made.openssl("ec", "-in", file(curve + ".key"), "-out", file(curve + ".old"));
      assertThat(Files.readString(made.file(curve + ".old"))).contains("BEGIN EC PRIVATE KEY");
      ECPrivateKey old = (ECPrivateKey) read(curve + ".crt", curve + ".old").key();
      ECPrivateKey now = (ECPrivateKey) read(curve + ".crt", curve + ".key").key();
      assertThat(old.getS()).isEqualTo(now.getS());
      assertThat(old.getParams().getOrder()).isEqualTo(now.getParams().getOrder());
    }
    made.make("ed", "ed25519");
    assertThat(read("ed.crt", "ed.key").key().getAlgorithm()).isEqualTo("EdDSA");
  }

  private String file(String name) {
    return made.file(name).toString();
  }

  @Test
  void whatCannotServeIsRefusedInWords() throws Exception {
    made.make("a", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
    made.make("b", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
    made.make("rsa", "rsa:2048");
    refused("a.crt", "b.key", "b.key: is not the key of the first certificate in ");
    refused("a.crt", "rsa.key", "rsa.key: has no private key of EC that can be read");
    refused("a.crt", "a.crt", "a.crt: has no private key, expected -----BEGIN PRIVATE KEY-----");
    refused("a.key", "a.key", "a.key: has no certificate, expected -----BEGIN CERTIFICATE-----");
    refused("none.crt", "a.key", "none.crt: cannot be read: java.nio.file.NoSuchFileException");
    made.openssl(
        "pkcs8",
        "-topk8",
        "-in",
        file("a.key"),
        "-passout",
        "pass:secret",
        "-out",
        file("locked.key"));
    refused("a.crt", "locked.key", "locked.key: is encrypted, expected a key without a password");
    Files.writeString(
        made.file("chain.crt"),
        Files.readString(made.file("a.crt")) + Files.readString(made.file("b.crt")));
    refused("chain.crt", "a.key", "certificate 2 is of CN=b, expected CN=a, which issued the one");
    String key = Files.readString(made.file("a.key"));
    for (int length = key.length() - 30; length > 30; length -= 7) {
      Files.writeString(
          made.file("cut.key"), key.substring(0, length) + "\n-----END PRIVATE KEY-----\n");
      refused("a.crt", "cut.key", "cut.key: has ");
    }
    Files.write(made.file("huge.crt"), new byte[(1 << 20) + 1]);
    refused("huge.crt", "a.key", "huge.crt: has 1048577 bytes, expected at most 1 MiB");
  }

  private void refused(String certificate, String key, String why) {
    assertThatThrownBy(() -> read(certificate, key))
        .isInstanceOf(Credentials.Unusable.class)
        .hasMessageContaining(why);
  }
}
