package dev.troth.cli.gate.rehearse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.Claims;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Trust;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.http.PathRules;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.Revocations;
import dev.troth.gate.serve.VerdictListener.Place;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges recorded tokens by other keys and rules. The verdict is the gate's own: its core reads a
 * token of the recorded header and claims, and where it asks whether a key signed it, the recorded
 * print of the key answers in the place of arithmetic.
 */
public final class Rehearsal {
  private static final int MAX_VALUES = 512;
  private static final int MAX_DEPTH = 16;
  private static final String NOBODY = "";

  private final Gate gate;
  private final PathRules rules;
  private final int maxTokenBytes;
  private final Map<String, GateKey> keys = new LinkedHashMap<>();
  private final Optional<Instant> at;
  private Instant now = Instant.EPOCH;

  /**
   * @param at when all are judged; empty for the time at which each was seen last
   */
  public Rehearsal(
      List<Trust> trusts, Revocations revocations, PathRules rules, Optional<Instant> at) {
    this.rules = rules;
    this.at = at;
    // Held, so that the keys of the first token are those of the last.
    List<Trust> held =
        trusts.stream()
            .map(trust -> new Trust(trust.keys().keyring(), ofAnyLength(trust.policy())))
            .toList();
    List<GateKey> flat =
        held.stream().flatMap(trust -> trust.keys().keyring().keys().stream()).toList();
    List<byte[]> prints = flat.stream().map(Signers::print).map(Signers::bytes).toList();
    flat.forEach(key -> keys.putIfAbsent(Signers.print(key), key));
    maxTokenBytes =
        trusts.stream().mapToInt(trust -> trust.policy().maxTokenBytes()).max().orElse(0);
    SignatureArithmetic byPrint =
        (handle, _, _, _, _, signature, length) ->
            length > 0 && Arrays.equals(prints.get(handle), Arrays.copyOf(signature, length));
    gate =
        new Gate(
            held,
            revocations,
            (settings, _) -> Gate.javaEngine().create(settings, byPrint),
            () -> now);
  }

  /** Rehearses what a file has recorded; a command's usage error says why it cannot be read. */
  public RehearsalReport of(Path file) {
    Recording recording = RecordingFile.read(file);
    RehearsalReport report = new RehearsalReport(recording);
    Set<String> unrecorded = new LinkedHashSet<>();
    for (byte[] claim : rules.claims()) {
      unrecorded.add(new String(claim, UTF_8));
    }
    recording.claims().forEach(unrecorded::remove);
    for (Recorded token : recording.tokens()) {
      for (Use use : token.uses()) {
        report.add(token, use, outcome(token, use, unrecorded));
      }
    }
    return report;
  }

  /** What would become of it. */
  sealed interface Outcome {
    /** {@link Reason#VALID}, or why it would be refused. */
    record Known(Reason reason) implements Outcome {}

    /** The recording does not have what the verdict needs. */
    record Unknown(String why) implements Outcome {}
  }

  Outcome outcome(Recorded token, Use use, Set<String> unrecorded) {
    Instant when = at.orElse(use.last());
    if (token.isGenuine()) {
      return settled(judge(token, use.place(), token.signer(), when), use, unrecorded);
    }
    Reason refused = judge(token, use.place(), NOBODY, when);
    for (String print : keys.keySet()) {
      if (!token.tried().contains(print)
          && isPossible(judge(token, use.place(), print, when), unrecorded)) {
        return new Outcome.Unknown(
            "no key of the recording signed it, and one of the new keys may have");
      }
    }
    return new Outcome.Known(refused);
  }

  private static boolean isPossible(Reason reason, Set<String> unrecorded) {
    return reason == Reason.VALID || (reason == Reason.CLAIM_NOT_ALLOWED && !unrecorded.isEmpty());
  }

  private Outcome settled(Reason reason, Use use, Set<String> unrecorded) {
    if (reason == Reason.CLAIM_NOT_ALLOWED && !unrecorded.isEmpty()) {
      return new Outcome.Unknown(
          "a rule looks at %s, which was not recorded".formatted(String.join(", ", unrecorded)));
    }
    if (reason == Reason.VALID && use.placeLost() && !rules.isEmpty()) {
      return new Outcome.Unknown("a rule looks at its path, which was not recorded");
    }
    return new Outcome.Known(reason);
  }

  private Reason judge(Recorded token, @Nullable Place place, String signer, Instant when) {
    if (token.bytes() > maxTokenBytes) {
      return Reason.TOKEN_TOO_LARGE;
    }
    now = when;
    return switch (gate.check(standIn(token, signer))) {
      case Verdict.Valid(Claims claims) -> place == null ? Reason.VALID : permitted(claims, place);
      case Verdict.Refused(Reason reason) -> reason;
    };
  }

  private Reason permitted(Claims claims, Place place) {
    byte[] json = claims.utf8();
    JsonTape tape = new JsonTape(MAX_VALUES, MAX_DEPTH, json.length);
    if (tape.parse(json, 0, json.length) != JsonTape.Outcome.OK) {
      return Reason.VALIDATOR_FAILED;
    }
    byte[] method = place.method().getBytes(ISO_8859_1);
    byte[] path = place.path().getBytes(ISO_8859_1);
    return rules.check(method, 0, method.length, path, 0, path.length, tape, json);
  }

  /**
   * A token of the recorded parts: a secret signs it, and a public key's print stands behind it.
   */
  private String standIn(Recorded token, String signer) {
    String signed =
        base64(token.header().getBytes(UTF_8)) + "." + base64(token.claims().getBytes(UTF_8));
    byte[] signature = Signers.bytes(signer);
    byte[] name = token.algorithm().getBytes(UTF_8);
    Algorithm algorithm = Algorithm.named(name, 0, name.length);
    if (keys.get(signer) instanceof GateKey.Secret secret
        && algorithm != null
        && algorithm.isHmac()) {
      signature = Signers.mac(secret, algorithm, signed.getBytes(US_ASCII));
    }
    return signed + "." + base64(signature.length == 0 ? new byte[1] : signature);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The length of the recorded token is what counts, not that of the one in its place. */
  private static Policy ofAnyLength(Policy policy) {
    return new Policy(
        policy.issuers(),
        policy.audiences(),
        policy.subjects(),
        policy.types(),
        policy.required(),
        policy.leeway(),
        policy.maxLifetime(),
        Settings.LARGEST_MAX_TOKEN_BYTES,
        policy.revoked());
  }
}
