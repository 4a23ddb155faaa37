package dev.troth.cli.platform;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ServerOptions;
import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Claims;
import dev.troth.server.auth.LocalTokens;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.SigningKey;
import dev.troth.server.http.Json;
import dev.troth.server.ops.AddressFile;
import dev.troth.server.ops.CannotStart;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@link ServerOptions}, and {@code --data} for whoever owns the platform's data folder: they can
 * read its signing key, so they may act as an admin before any token exists. They trust the
 * certificate that the platform wrote into it beside its address.
 */
final class OwnerOptions {
  private static final Duration LIFE = Duration.ofMinutes(1);

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "The platform's data folder: acts as its owner, with the signing key in it,",
        "and trusts the certificate that the platform wrote into it."
      })
  private @Nullable Path data;

  @Option(
      names = "--auth-issuer",
      paramLabel = "NAME",
      defaultValue = "troth",
      description = "The platform's auth.issuer (default: ${DEFAULT-VALUE}).")
  private String issuer = "troth";

  ApiClient client() {
    Path folder = data;
    if (folder == null) {
      return server.client();
    }
    // The platform on just this folder: another one would not know the key.
    String token = ownersToken(folder);
    return AddressFile.read(folder)
        .map(at -> server.clientAt(at.address(), at.fingerprint(), token))
        .orElseGet(() -> server.client(token));
  }

  private String ownersToken(Path folder) {
    Clock clock = Clock.systemUTC();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Claims claims =
        new Claims(
            issuer,
            new Caller("owner", Role.ADMIN, false),
            now,
            now.plus(LIFE),
            UUID.randomUUID().toString(),
            Optional.empty());
    try {
      return new LocalTokens(
              SigningKey.load(SigningKey.fileIn(folder)), issuer, clock, Json.mapper())
          .sign(claims);
    } catch (CannotStart e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }
}
