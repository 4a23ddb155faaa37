package dev.troth.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.ExitCode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code troth demo fault}: makes something go wrong in a running demo, for a while. */
@Command(
    name = "fault",
    description = "Makes something go wrong in the running demo, for a while.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DemoFaultCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "FAULT",
      description = {
        "publish      the event is not published, behind a 201 to the caller",
        "slow-db      writing to the table takes a second longer",
        "bad-payload  the event breaks its contract",
        "bad-token    customers come with tokens of an unknown key, or expired ones",
        "retries      the first attempt to write fails, the second does not",
        "off          ends all faults now"
      },
      converter = WishByName.class)
  private Wish wish = Wish.OFF;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "How long, such as 30s or 2m; at most 1h (default: ${DEFAULT-VALUE}).",
      defaultValue = "2m",
      converter = Time.class)
  private Duration length = Duration.ofMinutes(2);

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      description = {
        "Only one way of it: refused or partial (publish), caught or slipped (bad-payload),",
        "unknown-key or expired (bad-token).",
        "Without it they take turns."
      })
  private @Nullable String variant;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder of the demo (default: ${DEFAULT-VALUE}).",
      defaultValue = "./troth-data")
  private Path data = Path.of("troth-data");

  /** What can be wished for. */
  enum Wish {
    PUBLISH,
    SLOW_DB,
    BAD_PAYLOAD,
    BAD_TOKEN,
    RETRIES,
    OFF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A wish by the name that it has on the command line. */
  static final class WishByName implements ITypeConverter<Wish> {
    @Override
    public Wish convert(String text) {
      return named(text, Wish.values());
    }
  }

  /** The one of this name, or a refusal with the names that there are. */
  static <E extends Enum<E>> E named(String text, E[] all) {
    return Stream.of(all)
        .filter(one -> one.toString().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "'%s', expected one of %s"
                    .formatted(
                        text,
                        Stream.of(all).map(Object::toString).collect(Collectors.joining(", ")))));
  }

  /** A time such as 90s, 2m or 1h. */
  static final class Time implements ITypeConverter<Duration> {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,5})([smh])");

    @Override
    public Duration convert(String text) {
      Matcher time = SHAPE.matcher(text);
      if (time.matches()) {
        Duration length = Duration.parse("PT" + time.group(1) + time.group(2));
        if (length.isPositive() && length.compareTo(Duration.ofHours(1)) <= 0) {
          return length;
        }
      }
      throw new TypeConversionException("'" + text + "', expected 1s to 1h, such as 30s or 2m");
    }
  }

  @Override
  public Integer call() {
    DemoFile.Addresses demo = DemoFile.require(data);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    switch (wish) {
      case PUBLISH, BAD_PAYLOAD -> start(demo.handler(), out);
      case SLOW_DB, RETRIES -> start(demo.store(), out);
      case BAD_TOKEN -> start(demo.traffic(), out);
      case OFF -> {
        demo.faulty()
            .forEach(service -> {
              var _ = client(service).delete("/-/faults");
            });
        out.println("All faults have ended.");
      }
    }
    return ExitCode.OK;
  }

  private void start(URI service, PrintWriter out) {
    Map<String, Object> body = new HashMap<>();
    body.put("fault", wish.toString());
    body.put("seconds", length.toSeconds());
    if (variant != null) {
      body.put("variant", variant);
    }
    var _ = client(service).post("/-/faults", body);
    out.printf(
        "%s for %s, then it ends by itself.%n",
        wish, length.toString().substring(2).toLowerCase(Locale.ROOT));
  }

  private static ApiClient client(URI service) {
    return new ApiClient(service, Optional.empty());
  }
}
