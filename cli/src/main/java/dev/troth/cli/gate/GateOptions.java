package dev.troth.cli.gate;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.gate.Policy;
import dev.troth.gate.Trust;
import dev.troth.gate.config.GateConfig;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.keys.JwksFetcher;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.KeyFile;
import dev.troth.gate.keys.KeySource;
import dev.troth.gate.keys.PublicKeySet;
import dev.troth.gate.keys.RemoteKeys;
import dev.troth.gate.keys.Revocations;
import dev.troth.gate.keys.RevokedFile;
import dev.troth.gate.keys.SecretSet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The keys and the policy of the {@code gate} commands. */
final class GateOptions {
  static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

  /** The variables that this host reads; those of the native host alone would be ignored. */
  private static final Set<String> VARIABLES = Set.of("GATE_KEYS", "GATE_CONFIG");

  private static final List<String> NEVER_EMPTY =
      List.of("GATE_CONFIG", "GATE_KEYS", "JWT_SECRET", "JWT_SECRET_FILE");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "gate.yaml or its JSON form: several issuers, rules for paths. It stands in place of all",
        "options about keys, policy and proxies (default: GATE_CONFIG)."
      })
  private @Nullable Path config;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = {
        "Public keys: a JWK or JWK set, or PEM (PUBLIC KEY, RSA PUBLIC KEY, CERTIFICATE); read"
            + " again",
        "when the file changes (default: GATE_KEYS). A secret in it is refused."
      })
  private @Nullable Path keys;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = {
        "A secret: its bytes, or JWKs of kty oct; read again when the file changes (default:",
        "JWT_SECRET_FILE; without any, JWT_SECRET is the secret)."
      })
  private @Nullable Path secretFile;

  @Option(
      names = "--jwks-url",
      paramLabel = "URL",
      description = "Where a JWK set is fetched and kept fresh (https; http to this machine).")
  private @Nullable URI jwksUrl;

  @Option(
      names = "--jwks-http-host",
      paramLabel = "HOST",
      description = {
        "A host from which keys may come over plain http; may be repeated. Anybody on the way to"
            + " it",
        "can replace the keys."
      })
  private List<String> plainHosts = List.of();

  @Option(
      names = "--oidc-issuer",
      paramLabel = "URL",
      description = "An OpenID issuer: its keys by discovery, and its iss is required.")
  private @Nullable String oidcIssuer;

  @Option(
      names = "--alg",
      split = ",",
      paramLabel = "ALG",
      description = {
        "The only algorithms that the keys may be used with; a secret of bytes and an RSA key in"
            + " PEM",
        "are bound to these (else to HS256 and RS256)."
      })
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
      description = "The longest time from iat to exp, 1 or more (default: any).")
  private @Nullable Long maxLifetime;

  @Option(
      names = "--max-token-bytes",
      paramLabel = "N",
      defaultValue = "8192",
      description = "Longer tokens are refused unread (default: ${DEFAULT-VALUE}).")
  private int maxTokenBytes = Policy.DEFAULT.maxTokenBytes();

  @Option(
      names = "--revoked",
      paramLabel = "FILE",
      description = {
        "A file of jti values, one a line, that are no longer accepted; read again when it changes."
      })
  private @Nullable Path revoked;

  /**
   * Takes an option with its value, as the annotations above have it; false if it has another, or
   * the value is not surely one that picocli takes and takes in the same way.
   */
  boolean take(String name, String value) {
    try {
      switch (name) {
        case "--config" -> config = Path.of(value);
        case "--keys" -> keys = Path.of(value);
        case "--secret-file" -> secretFile = Path.of(value);
        case "--revoked" -> revoked = Path.of(value);
        case "--jwks-url" -> jwksUrl = URI.create(value);
        case "--oidc-issuer" -> oidcIssuer = value;
        case "--jwks-http-host" -> plainHosts = with(plainHosts, List.of(value));
        case "--issuer" -> issuers = with(issuers, List.of(value));
        case "--audience" -> audiences = with(audiences, List.of(value));
        case "--subject" -> subjects = with(subjects, List.of(value));
        case "--typ" -> types = with(types, QuickRun.parts(value));
        case "--alg" ->
            algorithms =
                with(algorithms, QuickRun.parts(value).stream().map(Algorithm::valueOf).toList());
        case "--require" -> {
          Set<String> all = new LinkedHashSet<>(required);
          all.addAll(QuickRun.parts(value));
          required = all;
        }
        case "--leeway" -> leeway = QuickRun.number(value);
        case "--max-lifetime" -> maxLifetime = (long) QuickRun.number(value);
        case "--max-token-bytes" -> maxTokenBytes = QuickRun.number(value);
        default -> {
          return false;
        }
      }
    } catch (IllegalArgumentException other) {
      return false;
    }
    return true;
  }

  private static <T> List<T> with(List<T> some, List<T> more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  /**
   * What a gate is made of.
   *
   * @param service what the configuration file says about proxies; empty without a file
   */
  record Setup(List<Trust> trusts, Revocations revocations, Optional<ServiceSettings> service) {}

  /** Reads all of it; problems that come later are told as they come. */
  Setup setup(Map<String, String> environment, InstantSource clock, Consumer<String> problems) {
    environment.keySet().stream()
        .filter(name -> name.startsWith("GATE_") && !VARIABLES.contains(name))
        .sorted()
        .findFirst()
        .ifPresent(name -> {
          throw CommandException.usage(
              name + " is read by troth-gate alone: here it would be ignored, use the options");
        });
    for (String name : NEVER_EMPTY) {
      // What should have stood there was missing, and another setting would count in its place.
      if ("".equals(environment.get(name))) {
        throw CommandException.usage(name + " is empty: expected a value");
      }
    }
    try {
      Optional<Path> file = file(config, environment, "GATE_CONFIG");
      if (file.isPresent()) {
        refuseBeside();
        GateConfig read = ConfigFile.read(file.get());
        return new ConfigSetup(file.get(), read, clock, problems).setup();
      }
      Path list = revoked;
      return new Setup(
          List.of(new Trust(source(environment, clock, problems), policy())),
          list == null ? Revocations.NONE : new RevokedFile(list, clock, problems),
          Optional.empty());
    } catch (KeyException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  private void refuseBeside() {
    boolean beside =
        keys != null
            || secretFile != null
            || jwksUrl != null
            || oidcIssuer != null
            || revoked != null
            || !(issuers.isEmpty() && audiences.isEmpty() && subjects.isEmpty() && types.isEmpty())
            || !(required.isEmpty() && algorithms.isEmpty() && plainHosts.isEmpty())
            || leeway != 0
            || maxLifetime != null
            || maxTokenBytes != Policy.DEFAULT.maxTokenBytes();
    if (beside) {
      throw CommandException.usage(
          "--config stands beside an option about keys or policy: expected one of them");
    }
  }

  private Policy policy() {
    String issuer = oidcIssuer;
    Long longest = maxLifetime;
    if (longest != null && longest < 1) {
      throw CommandException.usage(
          "--max-lifetime is %d, expected 1 or more; without it any is accepted"
              .formatted(longest));
    }
    try {
      return new Policy(
          issuer == null ? issuers : List.of(issuer),
          audiences,
          subjects,
          types.isEmpty() ? Policy.DEFAULT.types() : types,
          required,
          Duration.ofSeconds(leeway),
          Duration.ofSeconds(longest == null ? 0 : longest),
          maxTokenBytes,
          Set.of());
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  /** The keys that were named, or the secret of the environment; there is no default secret. */
  private KeySource source(
      Map<String, String> environment, InstantSource clock, Consumer<String> problems) {
    Supplier<PublicKeySet> remote = remote();
    Set<Algorithm> bound =
        algorithms.isEmpty() ? EnumSet.noneOf(Algorithm.class) : EnumSet.copyOf(algorithms);
    int options = (remote == null ? 0 : 1) + (keys == null ? 0 : 1) + (secretFile == null ? 0 : 1);
    if (options > 1) {
      throw CommandException.usage(
          "--keys, --secret-file, --jwks-url and --oidc-issuer: expected one of them");
    }
    if (remote != null) {
      return new RemoteKeys(
          () -> remote.get().restrictedTo(bound),
          RemoteKeys.Times.DEFAULT,
          clock,
          Thread::startVirtualThread,
          problems);
    }
    // Options are stronger than variables.
    Map<String, String> given = options > 0 ? Map.of() : environment;
    Optional<Path> publicKeys = file(keys, given, "GATE_KEYS");
    Optional<Path> secrets = file(secretFile, given, "JWT_SECRET_FILE");
    String secret = given.getOrDefault("JWT_SECRET", "");
    int sources =
        (publicKeys.isPresent() ? 1 : 0)
            + (secrets.isPresent() ? 1 : 0)
            + (secret.isEmpty() ? 0 : 1);
    if (sources > 1) {
      throw CommandException.usage(
          "JWT_SECRET, JWT_SECRET_FILE and GATE_KEYS: expected one of them");
    }
    if (sources == 0) {
      throw CommandException.usage(
          "there is no key: set JWT_SECRET (export JWT_SECRET=$(openssl rand -base64 48)), or name"
              + " a file of secrets with --secret-file or of public keys with --keys");
    }
    if (publicKeys.isPresent()) {
      return KeyFile.ofPublicKeys(publicKeys.get(), bound, clock, problems);
    }
    return secrets.isPresent()
        ? KeyFile.ofSecrets(secrets.get(), bound, clock, problems)
        : SecretSet.ofText("JWT_SECRET", secret, bound).keys();
  }

  private static Optional<Path> file(
      @Nullable Path option, Map<String, String> environment, String variable) {
    String name = environment.getOrDefault(variable, "");
    return option != null
        ? Optional.of(option)
        : name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
  }

  /** How to fetch the keys, if they are behind an address. */
  @Nullable Supplier<PublicKeySet> remote() {
    URI address = jwksUrl;
    String issuer = oidcIssuer;
    if (address != null && issuer != null) {
      throw CommandException.usage("--jwks-url and --oidc-issuer: expected one of them");
    }
    if (address == null && issuer == null) {
      return null;
    }
    // Made only here: a client reads all certificates that the JDK trusts, a tenth of a second.
    JwksFetcher fetcher = new JwksFetcher(FETCH_TIMEOUT, new HashSet<>(plainHosts));
    // Discovered anew each time: an issuer may move its keys.
    return address == null
        ? () -> fetcher.fetch(fetcher.discover(requireNonNull(issuer)))
        : () -> fetcher.fetch(address);
  }
}
