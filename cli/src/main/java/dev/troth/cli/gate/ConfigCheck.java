package dev.troth.cli.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.gate.config.GateConfig;
import dev.troth.gate.config.IssuerConfig;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.http.PathRules;
import dev.troth.gate.keys.KeyException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What can never fit in a configuration whose shape is right: keys that are not there or bear none
 * of their issuer's algorithms, rules that no token satisfies or that are never asked.
 */
final class ConfigCheck {
  private final GateConfig config;
  private final ConfigSetup setup;
  private final List<String> notes = new ArrayList<>();

  ConfigCheck(Path file, GateConfig config) {
    this.config = config;
    this.setup = new ConfigSetup(file, config, InstantSource.system(), notes::add);
  }

  /** What it could not look at. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** The first problem, with its place at its beginning. */
  Optional<String> problem() {
    for (int i = 0; i < config.issuers().length; i++) {
      Optional<String> problem = keys(config.issuers()[i], "issuers[%d]".formatted(i));
      if (problem.isPresent()) {
        return problem;
      }
    }
    try {
      var _ = setup.revocations();
    } catch (KeyException wrong) {
      return Optional.of("revoked " + wrong.getMessage());
    }
    return rules();
  }

  private Optional<String> keys(IssuerConfig issuer, String place) {
    var _ = setup.policy(issuer);
    if (issuer.keys().isEmpty() && issuer.secretFile().isEmpty()) {
      Set<Algorithm> bound = ConfigSetup.bound(issuer);
      if (!bound.isEmpty() && bound.stream().allMatch(Algorithm::isHmac)) {
        return Optional.of(
            "%s.algorithms has %s alone, which no public key has".formatted(place, bound));
      }
      notes.add(place + ": its keys are behind an address and were not fetched");
      return Optional.empty();
    }
    try {
      var _ = setup.source(issuer);
      return Optional.empty();
    } catch (KeyException wrong) {
      String member = issuer.keys().isEmpty() ? "secretFile" : "keys";
      return Optional.of("%s.%s %s".formatted(place, member, wrong.getMessage()));
    }
  }

  private Optional<String> rules() {
    PathRules rules = config.service().rules();
    int unreached = rules.firstUnreached();
    if (unreached >= 0) {
      return Optional.of(
          "rules[%d] is never asked: a rule before it decides for its path and methods"
              .formatted(unreached));
    }
    return beyond(rules, "iss", IssuerConfig::issuers)
        .or(() -> beyond(rules, "sub", IssuerConfig::subjects));
  }

  /** A rule that wants a claim to be what no issuer's tokens may say. */
  private Optional<String> beyond(
      PathRules rules, String claim, Function<IssuerConfig, byte[][]> accepted) {
    boolean any =
        Arrays.stream(config.issuers()).anyMatch(issuer -> accepted.apply(issuer).length == 0);
    byte[][] possible =
        Arrays.stream(config.issuers())
            .map(accepted)
            .flatMap(Arrays::stream)
            .toArray(byte[][]::new);
    int rule = any ? -1 : rules.firstBeyond(claim.getBytes(US_ASCII), possible);
    return rule < 0
        ? Optional.empty()
        : Optional.of(
            "rules[%d].claims.%s has no value that an issuer accepts".formatted(rule, claim));
  }
}
