package dev.troth.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int doctor(Path data, String... more) {
    List<String> arguments = new ArrayList<>(List.of("doctor", "--data", data.toString()));
    Stream.of("http-listen", "registry-listen", "otlp-http", "otlp-grpc")
        .filter(option -> !List.of(more).contains("--" + option))
        .forEach(option -> arguments.addAll(List.of("--" + option, "0")));
    arguments.addAll(List.of(more));
    return Troth.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  @Test
  void aMachineThatHasAllCanRunAPlatformAndKeepsNothingOfTheLook() throws IOException {
    int code = doctor(folder.resolve("data"));
    assertThat(out.toString())
        .containsPattern("(?m)^java +ok +25")
        .containsPattern("(?m)^data folder +ok +" + folder + "/data, which the first start makes$")
        .containsPattern("(?m)^commits to disk +ok +\\d+\\.\\d\\d ms each")
        .containsPattern("(?m)^otlp\\.grpc +ok +127\\.0\\.0\\.1:0 is free$")
        .containsPattern("(?m)^agent +(ok|-) ")
        .endsWith("The platform can run here.\n");
    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(err.toString()).isEmpty();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aPortThatIsTakenAndADatabaseThatIsNotThereAreNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int code =
          doctor(
              folder,
              "--registry-listen",
              "127.0.0.1:" + taken.getLocalPort(),
              "--store-url",
              "jdbc:postgresql://127.0.0.1:1/troth?user=troth");
      assertThat(out.toString())
          .containsPattern(
              "(?m)^registry\\.listen +MISSING +127\\.0\\.0\\.1:%d: Address already in use"
                  .formatted(taken.getLocalPort()))
          .containsPattern("(?m)^database +MISSING +Connection to 127\\.0\\.0\\.1:1 refused")
          .endsWith("The platform cannot run here: see what is MISSING.\n");
      assertThat(code).isEqualTo(ExitCode.FINDINGS);
    }
  }

  @Test
  void filesOfACertificateAndAPortThatIsGivenTwiceAreLookedAt() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    int code =
        doctor(
            folder,
            "--tls-certificate-file",
            "/no/such.crt",
            "--tls-key-file",
            "/no/such.key",
            "--http-listen",
            "" + free,
            "--registry-listen",
            "" + free);
    assertThat(out.toString())
        .containsPattern("(?m)^certificate +MISSING +tls: /no/such\\.crt")
        .containsPattern("(?m)^http\\.listen +ok ")
        .containsPattern("(?m)^registry\\.listen +MISSING .*another listener has it");
    assertThat(code).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void aPasswordIsNeverShown() {
    for (String wrong :
        List.of(
            "127.0.0.1:1/troth?user=u&password=sesame%pw",
            "127.0.0.1:x/troth?password=sesame",
            "127.0.0.1:1/troth?user=u&password=sesame&bogus=1",
            "127.0.0.1:1/troth?password=sesame")) {
      doctor(folder, "--store-url", "jdbc:postgresql://" + wrong);
      assertThat(out + "" + err).as(wrong).contains("MISSING").doesNotContain("sesame");
      out.getBuffer().setLength(0);
    }
  }

  @Test
  void aFolderInAPlaceOfAFileIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    int code = doctor(Path.of("/proc/self/no/data"));
    assertThat(out.toString()).containsPattern("(?m)^data folder +MISSING +/proc/self/no/data: ");
    assertThat(code).isEqualTo(ExitCode.FINDINGS);
    assertThat(file).exists();
  }

  @Test
  void aConfigurationThatIsWrongIsSaidAsUpSaysIt() {
    assertThat(doctor(folder, "--auth-mode", "tokn")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("auth.mode: is 'tokn'");
  }
}
