package dev.troth.bench.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.bench.release.Shell.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** packaging/BillOfMaterials.java over a small release. */
class BillOfMaterialsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("troth.root", "..")).toAbsolutePath().normalize();

  @TempDir Path folder;
  private Path home;
  private String listed = "";

  @BeforeEach
  void release() throws Exception {
    home = folder.resolve("home");
    file("app/troth.jar", "ours");
    file("app/lib/server-1.2.3.jar", "ours too");
    file("bin/troth-gate", "native");
    Files.createSymbolicLink(home.resolve("bin/troth"), Path.of("../troth"));
    file("runtime/release", "IMPLEMENTOR=\"Somebody\"\nJAVA_RUNTIME_VERSION=\"25.0.3+9-LTS\"\n");
    library("org/example/plain/1.0/plain-1.0.jar", "plain", "plain");
    library("org/example/linked/2.0/linked-2.0-linux-x86_64.jar", "linked", "linked");
    library("info/picocli/picocli/3.0/picocli-3.0.jar", "raised by the build", "as published");
    pom(
        "org/example/plain/1.0/plain-1.0.pom",
        "<parent><groupId>org.example</groupId><artifactId>all</artifactId><version>7</version></parent>");
    pom(
        "org/example/all/7/all-7.pom",
        "<licenses><license><name>The \"best\"\n  Licence</name></license></licenses>");
    Files.writeString(
        folder.resolve("package.json"),
        "{\"dependencies\": {\"@scope/part\": \"5.0.0\"}, \"devDependencies\": {\"tool\": \"1\"}}");
  }

  private void file(String path, String text) throws Exception {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void pom(String path, String text) throws Exception {
    Path file = folder.resolve("repository").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "<project>" + text + "</project>");
  }

  private void library(String path, String shipped, String published) throws Exception {
    file("app/lib/" + path.substring(path.lastIndexOf('/') + 1), shipped);
    listed += sha256(published) + "  " + path + "\n";
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes("UTF-8")));
  }

  private Ran written() throws Exception {
    Files.writeString(folder.resolve("checksums"), listed);
    return Shell.run(
        folder,
        Map.of(),
        List.of(
            System.getProperty("java.home") + "/bin/java",
            ROOT.resolve("packaging/BillOfMaterials.java").toString(),
            "home",
            "checksums",
            "repository",
            "1.2.3",
            "1764500000",
            "package.json"));
  }

  @Test
  void eachShippedFileIsNamedWithItsHashCoordinatesAndLicence() throws Exception {
    Ran ran = written();
    assertThat(ran.status()).as(ran.out()).isZero();
    JsonNode bill = new JsonMapper().readTree(ran.out());
    assertThat(bill.at("/specVersion").asString()).isEqualTo("1.6");
    assertThat(bill.at("/metadata/timestamp").asString()).isEqualTo("2025-11-30T10:53:20Z");
    assertThat(bill.at("/components").valueStream().map(one -> one.at("/bom-ref").asString()))
        .containsExactly(
            "app/lib/linked-2.0-linux-x86_64.jar",
            "app/lib/picocli-3.0.jar",
            "app/lib/plain-1.0.jar",
            "app/lib/server-1.2.3.jar",
            "app/troth.jar",
            "bin/troth-gate",
            "npm/@scope/part",
            "runtime");
    JsonNode plain = bill.at("/components/2");
    assertThat(plain.at("/purl").asString()).isEqualTo("pkg:maven/org.example/plain@1.0?type=jar");
    assertThat(plain.at("/hashes/0/content").asString()).isEqualTo(sha256("plain"));
    assertThat(plain.at("/licenses/0/license/name").asString()).isEqualTo("The \"best\" Licence");
    assertThat(bill.at("/components/0/purl").asString())
        .isEqualTo("pkg:maven/org.example/linked@2.0?classifier=linux-x86_64&type=jar");
    JsonNode raised = bill.at("/components/1");
    assertThat(raised.at("/hashes/0/content").asString()).isEqualTo(sha256("raised by the build"));
    assertThat(raised.at("/pedigree/notes").asString()).contains(sha256("as published"));
    assertThat(bill.at("/components/6/purl").asString()).isEqualTo("pkg:npm/%40scope/part@5.0.0");
    assertThat(bill.at("/components/7/version").asString()).isEqualTo("25.0.3+9-LTS");
  }

  @Test
  void aJarOfUnknownOriginEndsTheRelease() throws Exception {
    file("app/lib/stray-4.0.jar", "from nowhere");
    Ran ran = written();
    assertThat(ran.status()).isEqualTo(3);
    assertThat(ran.out())
        .contains(".mvn/checksums does not name these bytes: [app/lib/stray-4.0.jar]");
  }

  @Test
  void aListedJarWithOtherBytesEndsTheRelease() throws Exception {
    file("app/lib/plain-1.0.jar", "plain, and more");
    Ran ran = written();
    assertThat(ran.status()).isEqualTo(3);
    assertThat(ran.out()).contains("[app/lib/plain-1.0.jar]");
  }
}
