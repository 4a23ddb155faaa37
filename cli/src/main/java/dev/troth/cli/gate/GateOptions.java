package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.gate.Policy;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.keys.JwkSet;
import dev.troth.gate.keys.JwksFetcher;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.KeyFile;
import dev.troth.gate.keys.KeySource;
import dev.troth.gate.keys.KeyText;
import dev.troth.gate.keys.RemoteKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The keys and the policy of the {@code gate} commands. */
final class GateOptions {
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = {
        "Keys: a JWK or JWK set, PEM (PUBLIC KEY, CERTIFICATE), or the bytes of a secret;",
        "read again when the file changes. Without it the secret is taken from JWT_SECRET."
      })
  private @Nullable Path keys;

  @Option(
      names = "--jwks-url",
      paramLabel = "URL",
      description = "Where a JWK set is fetched and kept fresh (https; http to this machine).")
  private @Nullable URI jwksUrl;

  @Option(
      names = "--oidc-issuer",
      paramLabel = "URL",
      description = "An OpenID issuer: its keys by discovery, and its iss is required.")
  private @Nullable String oidcIssuer;

  @Option(
      names = "--alg",
      split = ",",
      paramLabel = "ALG",
      description = "What a secret or an RSA key in PEM may be used with (HS256 or RS256).")
  private List<Algorithm> algorithms = List.of();

  @Option(names = "--issuer", paramLabel = "ISS", description = "An accepted iss; may be repeated.")
  private List<String> issuers = List.of();

  @Option(
      names = "--audience",
      paramLabel = "AUD",
      description = "An accepted aud; may be repeated.")
  private List<String> audiences = List.of();

  @Option(
      names = "--subject",
      paramLabel = "SUB",
      description = "An accepted sub; may be repeated.")
  private List<String> subjects = List.of();

  @Option(
      names = "--typ",
      split = ",",
      paramLabel = "TYP",
      description = "Accepted typ, * for any (default: JWT, at+jwt or none).")
  private List<String> types = List.of();

  @Option(
      names = "--require",
      split = ",",
      paramLabel = "CLAIM",
      description = "Claims that must be there: exp, nbf, iat, iss, aud, sub, jti.")
  private Set<String> required = Set.of();

  @Option(
      names = "--leeway",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "How far clocks may differ, up to 600 (default: ${DEFAULT-VALUE}).")
  private long leeway;

  @Option(
      names = "--max-lifetime",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "The longest time from iat to exp (default: any).")
  private long maxLifetime;

  @Option(
      names = "--max-token-bytes",
      paramLabel = "N",
      defaultValue = "8192",
      description = "Longer tokens are refused unread (default: ${DEFAULT-VALUE}).")
  private int maxTokenBytes;

  @Option(
      names = "--revoked",
      paramLabel = "FILE",
      description = "A file of jti values, one a line, that are no longer accepted.")
  private @Nullable Path revoked;

  Policy policy() {
    String issuer = oidcIssuer;
    try {
      return new Policy(
          issuer == null ? issuers : List.of(issuer),
          audiences,
          subjects,
          types.isEmpty() ? Policy.DEFAULT.types() : types,
          required,
          Duration.ofSeconds(leeway),
          Duration.ofSeconds(maxLifetime),
          maxTokenBytes,
          revokedIds());
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  /** The keys that were named, or the secret of the environment; there is no default secret. */
  KeySource keys(Map<String, String> environment, InstantSource clock, Consumer<String> problems) {
    Path file = keys;
    Supplier<JwkSet> remote = remote();
    Set<Algorithm> bound =
        algorithms.isEmpty() ? EnumSet.noneOf(Algorithm.class) : EnumSet.copyOf(algorithms);
    if (file != null && remote != null) {
      throw CommandException.usage("--keys and --jwks-url or --oidc-issuer: expected one of them");
    }
    try {
      if (remote != null) {
        return new RemoteKeys(
            remote, RemoteKeys.Times.DEFAULT, clock, Thread::startVirtualThread, problems);
      }
      if (file != null) {
        return new KeyFile(file, bound, clock, problems);
      }
      String secret = environment.getOrDefault("JWT_SECRET", "");
      if (secret.isEmpty()) {
        throw CommandException.usage(
            "there is no key: set JWT_SECRET (export JWT_SECRET=$(openssl rand -base64 48)) or name"
                + " a file with --keys");
      }
      return KeyText.secret(secret.getBytes(UTF_8), bound);
    } catch (KeyException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  /** How to fetch the keys, if they are behind an address. */
  @Nullable Supplier<JwkSet> remote() {
    URI address = jwksUrl;
    String issuer = oidcIssuer;
    if (address != null && issuer != null) {
      throw CommandException.usage("--jwks-url and --oidc-issuer: expected one of them");
    }
    if (address == null && issuer == null) {
      return null;
    }
    // Made only here: a client reads all certificates that the JDK trusts, a tenth of a second.
    JwksFetcher fetcher = new JwksFetcher(FETCH_TIMEOUT);
    // Discovered anew each time: an issuer may move its keys.
    return address == null
        ? () -> fetcher.fetch(fetcher.discover(requireNonNull(issuer)))
        : () -> fetcher.fetch(address);
  }

  private Set<String> revokedIds() {
    Path file = revoked;
    if (file == null) {
      return Set.of();
    }
    try {
      Set<String> ids = new HashSet<>(Files.readAllLines(file));
      ids.remove("");
      return ids;
    } catch (IOException unreadable) {
      throw CommandException.usage("--revoked " + file + " cannot be read: " + unreadable);
    }
  }
}
