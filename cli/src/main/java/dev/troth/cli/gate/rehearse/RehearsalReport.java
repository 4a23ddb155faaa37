package dev.troth.cli.gate.rehearse;

import dev.troth.cli.command.Printable;
import dev.troth.gate.core.Reason;
import dev.troth.gate.serve.VerdictListener.Place;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who would be refused that is accepted now, who the other way round, and what nobody knows. */
public final class RehearsalReport {
  /** What would change for some requests. */
  private enum Change {
    REFUSED("would be refused"),
    ACCEPTED("would be accepted"),
    UNKNOWN("cannot be told");

    private final String words;

    Change(String words) {
      this.words = words;
    }
  }

  /** Requests that are told in one line. */
  private record Group(
      Change change,
      String name,
      String issuer,
      String subject,
      String keyId,
      String reason,
      String why,
      String place) {}

  private record Total(long count, Instant last, Reason before) {}

  private final Recording recording;
  private final Map<Group, Total> groups = new LinkedHashMap<>();
  private final Set<String> callers = new HashSet<>();
  private long requests;
  private long same;

  RehearsalReport(Recording recording) {
    this.recording = recording;
  }

  void add(Recorded token, Use use, Rehearsal.Outcome outcome) {
    requests += use.count();
    callers.add(token.caller());
    boolean before = use.reason() == Reason.VALID;
    switch (outcome) {
      case Rehearsal.Outcome.Known(Reason after) -> {
        if (before == (after == Reason.VALID)) {
          same += use.count();
        } else if (before) {
          add(Change.REFUSED, token, use, after.code(), why(after, token, use.place()));
        } else {
          add(
              Change.ACCEPTED,
              token,
              use,
              Reason.VALID.code(),
              "it is refused now: " + use.reason().code());
        }
      }
      case Rehearsal.Outcome.Unknown(String why) -> add(Change.UNKNOWN, token, use, "unknown", why);
    }
  }

  private void add(Change change, Recorded token, Use use, String reason, String why) {
    Place place = use.place();
    Group group =
        new Group(
            change,
            name(token),
            token.claim("iss"),
            token.claim("sub"),
            token.keyId(),
            reason,
            why,
            place == null ? "" : place.method() + " " + place.path());
    groups.merge(
        group,
        new Total(use.count(), use.last(), use.reason()),
        (some, more) ->
            new Total(
                some.count + more.count,
                some.last.isAfter(more.last) ? some.last : more.last,
                more.before));
  }

  /** Whether there was no caller to rehearse with, so that nothing is known of tomorrow. */
  public boolean isOfNobody() {
    return callers.isEmpty();
  }

  /** Whether somebody who is accepted now would be refused. */
  public boolean refusesSomebody() {
    return groups.keySet().stream().anyMatch(group -> group.change == Change.REFUSED);
  }

  private static String name(Recorded token) {
    for (String claim : List.of("client_id", "azp", "sub")) {
      if (!token.claim(claim).isEmpty()) {
        return token.claim(claim);
      }
    }
    return "somebody without a name";
  }

  private static String why(Reason reason, Recorded token, @Nullable Place place) {
    String keyId = token.keyId();
    return switch (reason) {
      case KEY_NOT_FOUND ->
          keyId.isEmpty()
              ? "there is no key for tokens without a key id"
              : "key id %s is no longer among the keys".formatted(keyId);
      case SIGNATURE_INVALID ->
          keyId.isEmpty()
              ? "the key that signed is no longer among the keys"
              : "key id %s is another key".formatted(keyId);
      case ALG_NOT_ALLOWED -> "its algorithm %s is not allowed".formatted(token.algorithm());
      case ISSUER_NOT_ALLOWED -> "its issuer is not accepted";
      case AUDIENCE_NOT_ALLOWED -> "its audience %s is not accepted".formatted(token.claim("aud"));
      case SUBJECT_NOT_ALLOWED -> "its subject is not accepted";
      case CLAIM_MISSING -> "a claim is missing that is required";
      case EXPIRED -> "it is expired";
      case REVOKED -> "its id %s is revoked".formatted(token.claim("jti"));
      case LIFETIME_EXCEEDED -> "its lifetime is too long";
      case TOKEN_TOO_LARGE -> "it has %,d bytes, which is too large".formatted(token.bytes());
      case SCOPE_INSUFFICIENT -> "it lacks a scope for " + at(place);
      case CLAIM_NOT_ALLOWED -> "it lacks the value of a claim for " + at(place);
      case PATH_NOT_ALLOWED -> "no rule can be for the path " + at(place);
      default -> reason.code() + ", " + reason.wording();
    };
  }

  private static String at(@Nullable Place place) {
    return place == null ? "its path" : place.method() + " " + place.path();
  }

  /** For people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Change change : Change.values()) {
      List<Map.Entry<Group, Total>> some = of(change);
      long names =
          some.stream().map(one -> one.getKey().name + one.getKey().issuer).distinct().count();
      if (!some.isEmpty()) {
        text.append(names)
            .append(names == 1 ? " caller " : " callers ")
            .append(change.words)
            .append('\n');
      }
      some.forEach(one -> line(text, one.getKey(), one.getValue()));
    }
    text.append(
        "%s of %s in the recording, %s as now%n"
            .formatted(
                number(requests, "request"),
                number(callers.size(), "caller"),
                "%,d".formatted(same)));
    rest(text);
    return text.toString();
  }

  private void line(StringBuilder text, Group group, Total total) {
    String who = group.name;
    List<String> more = new ArrayList<>();
    if (!group.subject.isEmpty() && !group.subject.equals(group.name)) {
      more.add("sub " + group.subject);
    }
    if (!group.issuer.isEmpty()) {
      more.add("iss " + group.issuer);
    }
    String place =
        group.place.isEmpty() || group.why.endsWith(group.place) ? "" : ", " + group.place;
    text.append(
            Printable.line(
                "  %s%s: %s%s, %s, last %s"
                    .formatted(
                        who,
                        more.isEmpty() ? "" : " (" + String.join(", ", more) + ")",
                        group.why,
                        place,
                        number(total.count, "request"),
                        total.last.truncatedTo(ChronoUnit.SECONDS))))
        .append('\n');
  }

  private void rest(StringBuilder text) {
    long unread = recording.unread().values().stream().mapToLong(Long::longValue).sum();
    if (unread > 0) {
      text.append(number(unread, "request"))
          .append(" with what is no token were refused, and would be again\n");
    }
    if (recording.leftOut() + recording.missed() > 0) {
      text.append(number(recording.leftOut() + recording.missed(), "request"))
          .append(" more are not in the recording: it was full, or they came too fast\n");
    }
  }

  private static String number(long count, String of) {
    return "%,d %s%s".formatted(count, of, count == 1 ? "" : "s");
  }

  private List<Map.Entry<Group, Total>> of(Change change) {
    return groups.entrySet().stream()
        .filter(one -> one.getKey().change == change)
        .sorted(
            Comparator.comparingLong((Map.Entry<Group, Total> one) -> -one.getValue().count)
                .thenComparing(one -> one.getKey().name))
        .toList();
  }

  /** For machines. */
  public Json json() {
    JsonMembers unread = new JsonMembers();
    recording.unread().forEach((reason, count) -> unread.put(reason.code(), Json.Num.of(count)));
    return new JsonMembers()
        .put("refused", array(Change.REFUSED))
        .put("accepted", array(Change.ACCEPTED))
        .put("unknown", array(Change.UNKNOWN))
        .put("requests", Json.Num.of(requests))
        .put("callers", Json.Num.of(callers.size()))
        .put("same", Json.Num.of(same))
        .put("unread", unread.json())
        .put("leftOut", Json.Num.of(recording.leftOut()))
        .put("missed", Json.Num.of(recording.missed()))
        .json();
  }

  private Json.Arr array(Change change) {
    return new Json.Arr(
        of(change).stream().<Json>map(one -> member(one.getKey(), one.getValue())).toList());
  }

  private static Json.Obj member(Group group, Total total) {
    JsonMembers members = new JsonMembers().text("caller", group.name);
    given(members, "issuer", group.issuer);
    given(members, "subject", group.subject);
    given(members, "keyId", group.keyId);
    given(members, "place", group.place);
    return members
        .text("now", total.before.code())
        .text("then", group.reason)
        .text("why", group.why)
        .put("requests", Json.Num.of(total.count))
        .text("last", total.last.toString())
        .json();
  }

  private static void given(JsonMembers members, String name, String value) {
    if (!value.isEmpty()) {
      members.text(name, value);
    }
  }
}
