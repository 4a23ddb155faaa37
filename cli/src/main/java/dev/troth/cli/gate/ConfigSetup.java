package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.cli.command.CommandException;
import dev.troth.gate.Policy;
import dev.troth.gate.Trust;
import dev.troth.gate.config.GateConfig;
import dev.troth.gate.config.IssuerConfig;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.keys.JwksFetcher;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.KeyFile;
import dev.troth.gate.keys.KeySource;
import dev.troth.gate.keys.PublicKeySet;
import dev.troth.gate.keys.RemoteKeys;
import dev.troth.gate.keys.Revocations;
import dev.troth.gate.keys.RevokedFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes what a gate needs out of a configuration file; its paths are beside the file. */
final class ConfigSetup {
  private final Path folder;
  private final GateConfig config;
  private final InstantSource clock;
  private final Consumer<String> problems;
  private @Nullable JwksFetcher fetcher;

  ConfigSetup(Path file, GateConfig config, InstantSource clock, Consumer<String> problems) {
    Path parent = file.toAbsolutePath().getParent();
    folder = parent == null ? Path.of("") : parent;
    this.config = config;
    this.clock = clock;
    this.problems = problems;
  }

  GateOptions.Setup setup() {
    List<Trust> trusts = new ArrayList<>();
    for (IssuerConfig issuer : config.issuers()) {
      trusts.add(new Trust(source(issuer), policy(issuer)));
    }
    return new GateOptions.Setup(trusts, revocations(), Optional.of(config.service()));
  }

  Policy policy(IssuerConfig issuer) {
    Set<String> required = new HashSet<>();
    for (int i = 0; i < Policy.REQUIRABLE.size(); i++) {
      if ((issuer.required() & 1 << i) != 0) {
        required.add(Policy.REQUIRABLE.get(i));
      }
    }
    try {
      return new Policy(
          texts(issuer.issuers()),
          texts(issuer.audiences()),
          texts(issuer.subjects()),
          issuer.types().length == 0 ? Policy.DEFAULT.types() : texts(issuer.types()),
          required,
          Duration.ofSeconds(issuer.leewaySeconds()),
          Duration.ofSeconds(issuer.maxLifetimeSeconds()),
          config.maxTokenBytes(),
          Set.of());
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  /** The revoked ids; a {@link KeyException} says why their file is not usable. */
  Revocations revocations() {
    return config.revoked().isEmpty()
        ? Revocations.NONE
        : new RevokedFile(path(config.revoked()), clock, problems);
  }

  /** The only algorithms of an issuer's keys; none for all that they fit. */
  static Set<Algorithm> bound(IssuerConfig issuer) {
    Set<Algorithm> bound = EnumSet.noneOf(Algorithm.class);
    for (Algorithm algorithm : Algorithm.values()) {
      if ((issuer.algorithms() & algorithm.bit()) != 0) {
        bound.add(algorithm);
      }
    }
    return bound;
  }

  /** Where an issuer's keys are; a {@link KeyException} says why its file is not usable. */
  KeySource source(IssuerConfig issuer) {
    Set<Algorithm> bound = bound(issuer);
    if (!issuer.keys().isEmpty()) {
      return KeyFile.ofPublicKeys(path(issuer.keys()), bound, clock, problems);
    }
    if (!issuer.secretFile().isEmpty()) {
      return KeyFile.ofSecrets(path(issuer.secretFile()), bound, clock, problems);
    }
    Supplier<PublicKeySet> remote = remote(issuer);
    return new RemoteKeys(
        () -> remote.get().restrictedTo(bound),
        RemoteKeys.Times.DEFAULT,
        clock,
        Thread::startVirtualThread,
        problems);
  }

  private Supplier<PublicKeySet> remote(IssuerConfig issuer) {
    JwksFetcher present = fetcher;
    if (present == null) {
      present =
          new JwksFetcher(
              GateOptions.FETCH_TIMEOUT, new HashSet<>(Arrays.asList(config.jwksHttpHosts())));
      fetcher = present;
    }
    JwksFetcher http = present;
    if (issuer.discovery()) {
      String name = new String(issuer.issuers()[0], UTF_8);
      return () -> http.fetch(http.discover(name));
    }
    URI address;
    try {
      address = URI.create(issuer.jwksUrl());
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage("jwksUrl is not an address: " + wrong.getMessage());
    }
    return () -> http.fetch(address);
  }

  /** The reader keeps names of files as bytes. */
  private Path path(String name) {
    return folder.resolve(new String(name.getBytes(ISO_8859_1), UTF_8));
  }

  private static List<String> texts(byte[][] texts) {
    return Arrays.stream(texts).map(text -> new String(text, UTF_8)).toList();
  }
}
