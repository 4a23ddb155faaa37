package dev.troth.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.demo.story.Failure;
import dev.troth.cli.demo.story.Scene;
import dev.troth.cli.demo.story.Story;
import dev.troth.cli.demo.story.Waiting;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code troth demo story}: an order and a failure of the running demo, followed by their ids. */
@Command(
    name = "story",
    description = {
      "Follows an order of the running demo through every room, then makes something fail and waits",
      "until the developer is told, and told again when it recovers."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DemoStoryCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--fault",
      paramLabel = "FAULT",
      description =
          "What fails: publish, slow-db, bad-payload, bad-token or retries (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "publish",
      converter = FailureByName.class)
  private Failure failure = Failure.PUBLISH;

  @Option(
      names = "--within",
      paramLabel = "TIME",
      description = "How long all of it may take, such as 8m (default: ${DEFAULT-VALUE}).",
      defaultValue = "8m",
      converter = DemoFaultCommand.Time.class)
  private Duration within = Duration.ofMinutes(8);

  @Option(
      names = "--until-told",
      description =
          "Ends when the developer was told of the page, without waiting for the recovery.")
  private boolean untilTold;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder of the demo (default: ${DEFAULT-VALUE}).",
      defaultValue = "./troth-data")
  private Path data = Path.of("troth-data");

  /** What fails, by its name on the command line. */
  static final class FailureByName implements ITypeConverter<Failure> {
    @Override
    public Failure convert(String text) {
      return DemoFaultCommand.named(text, Failure.values());
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Scene scene = scene(DemoFile.require(data), data, failure);
    try (Story story = new Story(scene, failure, new Waiting(out, within), out)) {
      var _ = story.tell(!untilTold);
    }
    out.printf(
        "%nThat is the whole story; %s shows where it stands now.%n", scene.console() + "/tour");
    out.flush();
    return ExitCode.OK;
  }

  /** The scene of a running demo, with a customer of its own. */
  static Scene scene(DemoFile.Addresses at, Path data, Failure failure) {
    Path folder = data.resolve("demo");
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    String subject = "story-" + HexFormat.of().formatHex(random);
    try {
      return new Scene(
          at.console(),
          at.api(),
          at.store(),
          faulty(at, failure),
          at.mailbox(),
          at.webhook(),
          at.spans(),
          new Scene.Narrator(
              subject,
              DemoKey.tokenFor(subject, folder, Instant.now()),
              Files.readString(folder.resolve("bad-tokens/unknown-key.token")).strip()));
    } catch (IOException e) {
      throw CommandException.failed("cannot read the demo's tokens: " + e.getMessage());
    }
  }

  private static URI faulty(DemoFile.Addresses at, Failure failure) {
    return switch (failure) {
      case PUBLISH, BAD_PAYLOAD -> at.handler();
      case SLOW_DB, RETRIES -> at.store();
      case BAD_TOKEN -> at.traffic();
    };
  }
}
