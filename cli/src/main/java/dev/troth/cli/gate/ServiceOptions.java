package dev.troth.cli.gate;

import dev.troth.cli.command.CommandException;
import dev.troth.gate.http.ClaimHeaders;
import dev.troth.gate.http.PathRules;
import dev.troth.gate.http.ServiceSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the service answers proxies. */
final class ServiceOptions {
  @Option(
      names = "--claim-headers",
      paramLabel = "CLAIM:HEADER,...",
      description =
          "Claims that /auth passes on as headers (default: " + ClaimHeaders.DEFAULT + ").")
  private @Nullable String claimHeaders;

  @Option(
      names = "--cookie",
      paramLabel = "NAME",
      description = "The cookie in which /auth looks for a token if there is no Authorization.")
  private @Nullable String cookie;

  @Option(
      names = "--no-preflight",
      description = "Refuses CORS preflight requests without a token; else /auth lets them pass.")
  private boolean noPreflight;

  @Option(
      names = "--path-from",
      paramLabel = "WHERE",
      description = {
        "Where a proxy puts the path and method that it asks about: auth (behind /auth), x-original",
        "(X-Original-URI, -Method) or x-forwarded (X-Forwarded-Uri, -Method) (default: auth)."
      })
  private @Nullable String pathFrom;

  /** Takes an option with its value, as the annotations above have it; false if it has another. */
  boolean take(String name, String value) {
    switch (name) {
      case "--claim-headers" -> claimHeaders = value;
      case "--cookie" -> cookie = value;
      case "--path-from" -> pathFrom = value;
      default -> {
        return false;
      }
    }
    return true;
  }

  void refusePreflight() {
    noPreflight = true;
  }

  /** The settings of the options, or of the configuration file. */
  ServiceSettings settings(Optional<ServiceSettings> ofFile) {
    if (ofFile.isPresent()) {
      if (claimHeaders != null || cookie != null || noPreflight || pathFrom != null) {
        throw CommandException.usage(
            "--config stands beside an option about proxies: expected one of them");
      }
      return ofFile.get();
    }
    String headers = claimHeaders == null ? ClaimHeaders.DEFAULT : claimHeaders;
    if (!ClaimHeaders.isWellFormed(headers)) {
      throw CommandException.usage(
          "--claim-headers is '%s', expected %s".formatted(headers, ClaimHeaders.EXPECTED));
    }
    String name = cookie == null ? "" : cookie;
    if (!ServiceSettings.isCookieName(name)) {
      throw CommandException.usage(
          "--cookie is '%s', expected the name of a cookie".formatted(name));
    }
    ServiceSettings.PathFrom from =
        ServiceSettings.PathFrom.named(pathFrom == null ? "" : pathFrom);
    if (from == null) {
      throw CommandException.usage(
          "--path-from is '%s', expected auth, x-original or x-forwarded".formatted(pathFrom));
    }
    return new ServiceSettings(
        ClaimHeaders.parse(headers), name, !noPreflight, from, PathRules.NONE);
  }
}
