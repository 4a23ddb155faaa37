package dev.troth.cli.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.cli.Troth;
import dev.troth.json.file.SourceFile;
import dev.troth.observe.config.ConfigReader;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.server.ops.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests for Kubernetes: its schemas take them, and Troth takes the settings in them. */
class ManifestsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("troth.root", "..")).resolve("packaging/kubernetes");
  private static final List<String> FILES =
      List.of("namespace.yaml", "platform.yaml", "replicas.yaml", "agent.yaml");

  @TempDir Path folder;

  private record Ran(int status, String out) {}

  private static Ran check(List<String> files) throws Exception {
    assumeTrue(
        Files.isDirectory(FOLDER.resolve("check/node_modules")),
        "the schemas are not installed: npm ci --ignore-scripts in packaging/kubernetes/check");
    List<String> command = new ArrayList<>(List.of("node", "check/check.mjs"));
    command.addAll(files);
    Process process =
        new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Ran(process.exitValue(), out);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theSchemasOfKubernetesTakeThem() throws Exception {
    Ran ran = check(FILES);
    assertThat(ran.out()).isEqualTo("10 manifests are such as Kubernetes takes them\n");
    assertThat(ran.status()).isZero();
  }

  @Test
  void aFieldThatKubernetesDoesNotKnowAndOneOfAnotherTypeAreNamed() throws Exception {
    String platform = Files.readString(FOLDER.resolve("platform.yaml"));
    Path slip = folder.resolve("slip.yaml");
    Files.writeString(slip, platform.replace("failureThreshold: 6\n", "failurThreshold: 6\n"));
    Path type = folder.resolve("type.yaml");
    Files.writeString(type, platform.replace("replicas: 1", "replicas: one"));
    Ran ran = check(List.of(slip.toString(), type.toString()));
    assertThat(ran.out())
        .contains("slip.yaml: StatefulSet troth: unknown: /spec/template/spec/containers/0/")
        .contains("type.yaml: StatefulSet troth: data/spec/replicas must be integer");
    assertThat(ran.status()).isEqualTo(1);
  }

  /** The file of settings in a ConfigMap, by its name. */
  private Path settings(String manifest, String name) throws IOException {
    String text = Files.readString(FOLDER.resolve(manifest));
    Matcher block =
        Pattern.compile("^  " + Pattern.quote(name) + ": \\|\n((?: {4}.*\n)+)", Pattern.MULTILINE)
            .matcher(text);
    assertThat(block.find()).as("%s in %s", name, manifest).isTrue();
    return Files.writeString(folder.resolve(name), block.group(1).replaceAll("(?m)^ {4}", ""));
  }

  @Test
  void thePlatformTakesItsSettings() throws Exception {
    for (String manifest : List.of("platform.yaml", "replicas.yaml")) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int status =
          Troth.commandLine()
              .setOut(new PrintWriter(out))
              .setErr(new PrintWriter(err))
              .execute("config", "print", "--config", settings(manifest, "troth.yaml").toString());
      assertThat(err.toString()).isEmpty();
      assertThat(status).isZero();
      assertThat(out.toString())
          .containsPattern("http.listen +0.0.0.0:4000 ")
          .containsPattern("auth.mode +token ");
    }
  }

  /** The root of a volume is never the platform's own, so it could not close it to others. */
  @Test
  void theDataFolderIsOneThatThePlatformMakesItselfInItsVolume() throws IOException {
    Pattern data = Pattern.compile("--data,? ([^ ,]+)");
    Pattern mount = Pattern.compile("name: data, mountPath: ([^} ]+)");
    for (String manifest : List.of("platform.yaml", "replicas.yaml", "agent.yaml")) {
      String text = Files.readString(FOLDER.resolve(manifest));
      List<String> folders = data.matcher(text).results().map(each -> each.group(1)).toList();
      assertThat(folders).as(manifest).isNotEmpty().containsOnly("/data/troth");
      assertThat(mount.matcher(text).results().map(each -> each.group(1)))
          .as(manifest)
          .allMatch("/data"::equals);
    }
  }

  @Test
  void aFolderMadeInAVolumeThatIsOpenToAllIsClosed() throws IOException {
    Path volume = Files.createDirectory(folder.resolve("volume"));
    assumeTrue(volume.getFileSystem().supportedFileAttributeViews().contains("unix"));
    Files.setAttribute(volume, "unix:mode", 02777);
    DataFolder data = new DataFolder(volume.resolve("troth"));
    data.start();
    try {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.file(""))))
          .isEqualTo("rwx------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume)))
          .as("of what is not its own it changes nothing")
          .isEqualTo("rwxrwxrwx");
    } finally {
      data.stop();
    }
  }

  @Test
  void theAgentTakesItsSettings() throws Exception {
    Path file = settings("agent.yaml", "observe.yaml");
    ObserveConfig config =
        ConfigReader.read(
                SourceFile.read(file.toString(), Files.readAllBytes(file)),
                Map.of("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer x"),
                Set::of)
            .config();
    assertThat(config.instrument()).hasSize(1);
  }

  @Test
  void theImageOfTheManifestsIsOfThisVersion() throws IOException {
    Matcher version =
        Pattern.compile("<version>(.*?)</version>")
            .matcher(Files.readString(FOLDER.resolve("../../pom.xml")));
    assertThat(version.find()).isTrue();
    for (String file : FILES) {
      assertThat(Files.readString(FOLDER.resolve(file)).lines())
          .filteredOn(line -> line.contains("image: "))
          .allMatch(line -> line.endsWith("image: troth:" + version.group(1)));
    }
  }
}
