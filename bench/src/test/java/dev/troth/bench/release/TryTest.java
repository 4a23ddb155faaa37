package dev.troth.bench.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.bench.release.Shell.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What packaging/try.sh lets pass, and what it does not: a release of scripts in the place of a
 * runtime and a program. {@code ./build package} runs it over the real one.
 */
class TryTest {
  private static final Path ROOT =
      Path.of(System.getProperty("troth.root", "..")).toAbsolutePath().normalize();

  /** A runtime whose platform is one class, and that can be broken by a line before it. */
  private static final String JAVA =
      """
      #!/bin/sh
      %s
      case " $* " in
        *" -XX:AOTMode=on "*) ;;
        *) echo "cannot tell whether the cache was taken"; exit 1 ;;
      esac
      case " $* " in
        *" --version "*) echo "troth VERSION, Java 25-own" ;;
        *" --help "*) echo usage ;;
        *" up "*) exec JDK/bin/java "$(dirname "$0")/Platform.java" ;;
        *) exit 2 ;;
      esac
      """;

  private static final String PLATFORM =
      """
      import com.sun.net.httpserver.HttpServer;
      import java.net.InetAddress;
      import java.net.InetSocketAddress;

      class Platform {
        public static void main(String[] args) throws Exception {
          HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
          server.createContext("/", exchange -> {
            byte[] page = "<!DOCTYPE html> told before the upgrade".getBytes();
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
          Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
          server.start();
          System.out.println("troth is ready at http://127.0.0.1:" + server.getAddress().getPort());
        }
      }
      """;

  @TempDir Path folder;
  private String version;
  private Path out;
  private Path home;

  @BeforeEach
  void tools() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "dpkg-deb is not installed");
    var first =
        Pattern.compile("<version>(.*?)</version>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertThat(first.find()).isTrue();
    version = first.group(1);
    out = Files.createDirectories(folder.resolve("out"));
    home = folder.resolve("making/troth-" + version + "-linux-x64");
  }

  /** Writes a release whose Java begins with {@code line}, and whose bill names {@code jar}. */
  private void release(String line, String jar) throws Exception {
    for (String part : List.of("app", "bin", "runtime/bin", "share")) {
      Files.createDirectories(home.resolve(part));
    }
    Files.copy(ROOT.resolve(".mvn/flags"), home.resolve("app/flags"));
    Files.writeString(home.resolve("app/troth.jar"), "a program");
    Files.copy(ROOT.resolve("packaging/troth"), home.resolve("troth"));
    Files.createSymbolicLink(home.resolve("bin/troth"), Path.of("../troth"));
    Files.writeString(home.resolve("share/troth.cdx.json"), "{\"bom-ref\":\"" + jar + "\"}");
    Files.writeString(home.resolve("runtime/release"), "JAVA_RUNTIME_VERSION=\"25-own\"\n");
    Path java = home.resolve("runtime/bin/java");
    Files.writeString(
        java,
        JAVA.formatted(line)
            .replace("VERSION", version)
            .replace("JDK", System.getProperty("java.home")));
    Files.writeString(home.resolve("runtime/bin/Platform.java"), PLATFORM);
    Ran ran =
        Shell.bash(
            folder,
            Map.of(),
            """
            chmod +x making/*/runtime/bin/java
            tar -C making -czf out/troth-%1$s-linux-x64.tar.gz troth-%1$s-linux-x64
            mkdir -p deb/DEBIAN deb/usr/lib deb/usr/bin
            cp -a making/troth-%1$s-linux-x64 deb/usr/lib/troth
            ln -s ../lib/troth/troth deb/usr/bin/troth
            printf 'Package: troth\nVersion: %1$s\nArchitecture: amd64\nMaintainer: none <none@example.org>\nDescription: none\n' >deb/DEBIAN/control
            dpkg-deb --root-owner-group --build deb out/troth_%1$s_amd64.deb >/dev/null
            cd out && sha256sum *.tar.gz *.deb >SHA256SUMS
            """
                .formatted(version));
    assertThat(ran.status()).as(ran.out()).isZero();
  }

  private Ran tried() throws Exception {
    return Shell.run(
        folder,
        Map.of(),
        List.of("bash", ROOT.resolve("packaging/try.sh").toString(), out.toString()));
  }

  private void refused(String reason) throws Exception {
    Ran ran = tried();
    assertThat(ran.out()).startsWith("try: ").contains(reason);
    assertThat(ran.status()).isEqualTo(3);
  }

  @Test
  void aReleaseThatStartsElsewherePasses() throws Exception {
    release("", "app/troth.jar");
    Ran ran = tried();
    assertThat(ran.out()).isEqualTo("try: the release starts elsewhere\n");
    assertThat(ran.status()).isZero();
  }

  @Test
  void aReleaseThatStartsOnlyWhereItWasMadeDoesNot() throws Exception {
    release(
        "[ \"$(dirname \"$0\")\" = '%s/runtime/bin' ] || { echo 'cannot open jars'; exit 1; }"
            .formatted(home),
        "app/troth.jar");
    refused("troth-" + version + "-linux-x64/troth --version' failed: cannot open jars");
  }

  @Test
  void aCacheThatIsNotTakenIsSeenForEachKindOfCommand() throws Exception {
    release(
        "case \"$*\" in *app/aot/observe.aot*) echo 'no cache'; exit 1 ;; esac", "app/troth.jar");
    refused("'troth observe run --help' failed: no cache");
  }

  @Test
  void aJarThatTheBillDoesNotNameIsSeen() throws Exception {
    release("", "app/other.jar");
    refused("share/troth.cdx.json does not name app/troth.jar");
  }

  @Test
  void aPlatformThatEndsInsteadOfBecomingReadyIsSeen() throws Exception {
    release(
        "case \" $* \" in *' --data '*) echo 'no native library' >&2; exit 3 ;; esac",
        "app/troth.jar");
    refused("'troth up' over new ended: no native library");
  }

  @Test
  void aPlatformThatCannotOpenTheFolderOfTheReleaseBeforeItIsSeen() throws Exception {
    release(
        "case \"$*\" in *--data*/earlier*) echo 'no way from step 7' >&2; exit 3 ;; esac",
        "app/troth.jar");
    refused("'troth up' over earlier ended: no way from step 7");
  }

  @Test
  void aPlatformThatWritesIntoTheReleaseIsSeen() throws Exception {
    release(
        "case \" $* \" in *' --data '*) touch \"$(dirname \"$0\")/here\" ;; esac", "app/troth.jar");
    refused("runtime/bin/here");
  }

  @Test
  void bytesThatTheChecksumsDoNotNameAreSeen() throws Exception {
    release("", "app/troth.jar");
    Path deb = out.resolve("troth_" + version + "_amd64.deb");
    byte[] bytes = Files.readAllBytes(deb);
    bytes[bytes.length / 2] ^= 1;
    Files.write(deb, bytes);
    assertThat(tried().out())
        .contains("troth_" + version + "_amd64.deb: FAILED", "try: SHA256SUMS names other bytes");
  }
}
