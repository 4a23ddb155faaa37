package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.WebAddress;
import dev.troth.slo.objective.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which CloudWatch is asked, and as whom. No class of the SDK is named here: it loads them all. */
public final class CloudWatchOptions {
  /** Twenty pages of fifteen days come within seconds each; more is a service in trouble. */
  private static final String DEFAULT_WITHIN = "15m";

  private static final Duration LONGEST = Duration.ofDays(1);

  @Option(
      names = "--cloudwatch",
      description = {
        "Asks CloudWatch for the metrics of the template's alarms, or of an objective whose file",
        "says by cloudWatch where its steps run; needs --from and --to."
      })
  private boolean given;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The region of AWS (default: AWS_REGION, or that of the profile).")
  private @Nullable String region;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "A profile of ~/.aws whose credentials are used (default: the environment, the profile"
              + " AWS_PROFILE or default, the container, the machine).")
  private @Nullable String profile;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Another address than that of the region.")
  private @Nullable URI endpoint;

  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description =
          "What a deployment gives to a parameter, or to the name of a resource; may be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--within",
      paramLabel = "TIME",
      description =
          "How long CloudWatch may take to tell all of it, such as 2m (default: ${DEFAULT-VALUE}).",
      defaultValue = DEFAULT_WITHIN)
  private String within = DEFAULT_WITHIN;

  /** Whether CloudWatch is to be asked. */
  public boolean isGiven() {
    boolean beside =
        region != null
            || profile != null
            || endpoint != null
            || !parameters.isEmpty()
            || !within.equals(DEFAULT_WITHIN);
    if (beside && !given) {
      throw CommandException.usage(
          "--region, --profile, --endpoint, --parameter and --within go with --cloudwatch");
    }
    return given;
  }

  /** Values of parameters and of names of resources. */
  public Map<String, String> parameters() {
    return Map.copyOf(parameters);
  }

  /** How long all of it may take. */
  Duration within() {
    try {
      Duration time = Durations.parse(within);
      if (time.isPositive() && time.compareTo(LONGEST) <= 0) {
        return time;
      }
    } catch (IllegalArgumentException none) {
      // said below
    }
    throw CommandException.usage(
        "--within is '%s', expected a time from 1ms to 1d, such as 15m".formatted(within));
  }

  Optional<String> region() {
    return Optional.ofNullable(region);
  }

  Optional<String> profile() {
    return Optional.ofNullable(profile);
  }

  Optional<URI> endpoint() {
    return Optional.ofNullable(endpoint).map(address -> WebAddress.of("--endpoint", address));
  }
}
