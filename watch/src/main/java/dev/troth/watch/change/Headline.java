package dev.troth.watch.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change as a sentence that a person would say: {@code Demo Record: value changed from 1 to 2 by
 * ada}.
 *
 * <p>The platform's own changes have a template for each type, chosen by the subject's type too:
 * the type of an event is whatever its sender wrote, and must not make it sound like an alert.
 */
public final class Headline {
  private static final int MOST_FIELDS = 3;
  private static final int LONGEST_NAME = 60;
  private static final int LONGEST_VALUE = 40;
  private static final int LONGEST_REASON = 120;
  private static final int LONGEST = 300;

  private static final HeadlineTemplate UPDATED =
      HeadlineTemplate.parse("{name}: {changes} by {actor}");
  private static final HeadlineTemplate HAPPENED =
      HeadlineTemplate.parse("{name}: {what} by {actor}");
  private static final HeadlineTemplate TOLD = HeadlineTemplate.parse("{name}: {what}");

  /** By subject type and change type; an alert's is told apart by its severity. */
  private static final Map<String, HeadlineTemplate> TEMPLATES =
      Map.ofEntries(
          of("record record.created", "{name} was created by {actor}"),
          of("record record.deleted", "{name} was deleted by {actor}"),
          of("slo alert.fired page", "{name} is paging[: {after.because}]"),
          of("slo alert.fired ticket", "{name} is using up its budget[: {after.because}]"),
          of("slo alert.resolved page", "{name} is no longer paging[, after {after.lasted}]"),
          of(
              "slo alert.resolved ticket",
              "{name} is no longer using up its budget[, after {after.lasted}]"),
          of("slo telemetry.lost", "{name} gets no telemetry[ since {after.lastData}]"),
          of("slo telemetry.back", "{name} gets telemetry again"),
          of("slo budget.crossed", "{name} has spent {after.budget} of its budget"),
          of(
              "slo budget.recovered",
              "{name} has spent less than {before.budget} of its budget again"),
          of("slo slo.state", "{name} is {after.state}, was {before.state}[: {after.why}]"),
          of("slo evidence.lost", "{name} cannot be judged, {after.state}[: {after.why}]"),
          of("slo evidence.back", "{name} can be judged again, {after.state}"),
          of("incident incident.opened", "{name} has an incident[: {after.because}]"),
          of("incident incident.resolved", "The incident of {name} is over[ after {after.lasted}]"),
          of(
              "incident incident.acknowledged",
              "{actor} looks after the incident of {name} until {after.until}[: {after.why}]"),
          of(
              "incident incident.silenced",
              "{actor} silenced the incident of {name} until {after.until}[: {after.why}]"),
          of(
              "incident incident.acknowledgement-ended",
              "{before.by} no longer looks after the incident of {name}, which is {after.state}"),
          of(
              "incident incident.silence-ended",
              "The incident of {name} is no longer silenced, and is {after.state}"),
          of("oncall oncall.opened", "{after.to} is paged: {after.title}"),
          of("oncall oncall.acknowledged", "{actor} looks after it: {after.title}"),
          of("oncall oncall.unanswered", "Nobody acknowledged: {after.title}"),
          of("oncall oncall.closed", "It is over: {after.title}"),
          of("escalation escalation.set", "Who is paged of {after.target} was set by {actor}"),
          of(
              "escalation escalation.removed",
              "The escalation of {before.target} was removed by {actor}"),
          of("user-group user-group.set", "The group {id} was set by {actor}"),
          of("user-group user-group.removed", "The group {id} was removed by {actor}"),
          of(
              "terms preference.set",
              "The preference of {id} for {after.scope} on {after.channel} was set by {actor}"),
          of(
              "terms preference.removed",
              "The preference of {id} for {before.scope} on {before.channel} is as usual again, by {actor}"),
          of("terms person.set", "How {id} reads times, and what they watch, was set by {actor}"),
          of("agent agent.reporting", "The agent on {id} is reporting"),
          of("agent agent.dropping", "The agent on {id} is missing data"),
          of("agent agent.silent", "The agent on {id} fell silent[, last heard {after.lastHeard}]"),
          of("agent agent.stopped", "The agent on {id} stopped"),
          of(
              "token token.issued",
              "A token of {after.user} with the role {after.role} was issued by {actor}"),
          of(
              "token token.revoked",
              "A token of {before.user} with the role {before.role} was revoked by {actor}"),
          of("endpoint endpoint.added", "The address {name} was added by {actor}"),
          of("endpoint endpoint.confirmed", "The address {name} was confirmed by {actor}"),
          of("endpoint endpoint.enabled", "The address {name} was enabled by {actor}"),
          of("endpoint endpoint.removed", "The address {name} was removed by {actor}"),
          of("endpoint endpoint.disabled", "The address {name} was disabled[: {after.why}]"),
          of("source source.added", "The source {name} was added by {actor}"),
          of("source source.paused", "The source {name} was paused by {actor}"),
          of("source source.resumed", "The source {name} was resumed by {actor}"),
          of("source source.rotated", "The source {name} got another secret by {actor}"),
          of(
              "source source.rotation-ended",
              "The former secret of the source {name} was ended by {actor}"),
          of("source source.removed", "The source {name} was removed by {actor}"),
          of("source source.failed", "The source {name} cannot be read[: {after.error}]"),
          of("source source.recovered", "The source {name} can be read again"),
          of("feed feed.made", "The private feed of {id} was made"),
          of("feed feed.rotated", "The private feed of {id} got a new link"),
          of("feed feed.removed", "The private feed of {id} was removed by {actor}"),
          of(
              "contract contract.registered",
              "Version {after.version} of {after.subject} was registered by {actor}"),
          of(
              "contract contract.level",
              "{name}: the compatibility level was changed[ from {before.level}][ to {after.level}]"
                  + " by {actor}"),
          of(
              "registry contract.level",
              "The registry's compatibility level was changed[ from {before.level}][ to"
                  + " {after.level}] by {actor}"));

  private Headline() {}

  private static Map.Entry<String, HeadlineTemplate> of(String key, String template) {
    return Map.entry(key, HeadlineTemplate.parse(template));
  }

  /** At most 300 characters in one line, without controls. */
  public static String of(Change change) {
    String text = template(change).fill(name -> value(change, name));
    return PlainText.cut(text, LONGEST);
  }

  private static HeadlineTemplate template(Change change) {
    if (change.what().event().isEmpty()) {
      String key = change.subject().type() + " " + change.type();
      HeadlineTemplate own = TEMPLATES.get(key);
      if (own == null) {
        own = TEMPLATES.get(key + " " + severity(change));
      }
      if (own != null) {
        return own;
      }
    }
    if (change.before().isEmpty()) {
      return TOLD;
    }
    return change.after().isEmpty() || change.changed().isEmpty() ? HAPPENED : UPDATED;
  }

  private static Object severity(Change change) {
    Object after = change.after().values().get("alert");
    Object before = change.before().values().get("alert");
    return Objects.requireNonNullElse("none".equals(after) ? before : after, "");
  }

  /** What a place of a template stands for. */
  static String value(Change change, String name) {
    return switch (name) {
      case "name" -> name(change);
      case "id" -> PlainText.brief(change.subject().id(), LONGEST_NAME);
      case "actor" -> PlainText.brief(change.actor(), LONGEST_NAME);
      case "what" -> words(change.type());
      case "changes" -> changes(change);
      default -> field(change, name);
    };
  }

  /** A field of the platform's own changes: {@code after.because}. */
  private static String field(Change change, String name) {
    int dot = name.indexOf('.');
    Fields fields =
        switch (name.substring(0, Math.max(dot, 0))) {
          case "before" -> change.before();
          case "after" -> change.after();
          default ->
              throw new IllegalArgumentException(
                  "a headline has {%s}, expected name, id, actor, what, changes, before.x or after.x"
                      .formatted(name));
        };
    Object value = fields.values().get(name.substring(dot + 1));
    return value == null ? "" : PlainText.brief(value.toString(), LONGEST_REASON);
  }

  private static String name(Change change) {
    for (Fields fields : List.of(change.after(), change.before())) {
      for (String field : List.of("name", "title")) {
        if (fields.values().get(field) instanceof String text && !text.isBlank()) {
          String name = PlainText.brief(text, LONGEST_NAME);
          // An event may call itself anything; what it is about is not its sender's to say.
          return change.what().event().isEmpty() ? name : name + " (" + subject(change) + ")";
        }
      }
    }
    return subject(change);
  }

  private static String subject(Change change) {
    return PlainText.brief(change.subject().toString(), LONGEST_NAME);
  }

  private static String words(String type) {
    String words = type.replace('.', ' ').replace('_', ' ').toLowerCase(Locale.ROOT);
    return PlainText.brief(words, LONGEST_NAME);
  }

  /** {@code value changed from 1 to 2, note was set to “by night” and 2 more fields changed}. */
  private static String changes(Change change) {
    List<String> changed = List.copyOf(change.changed());
    List<String> parts = new ArrayList<>();
    changed.stream().limit(MOST_FIELDS).forEach(field -> parts.add(change(change, field)));
    int more = changed.size() - parts.size();
    if (more > 0) {
      parts.add(more == 1 ? "1 more field changed" : more + " more fields changed");
    }
    String last = parts.removeLast();
    return parts.isEmpty() ? last : String.join(", ", parts) + " and " + last;
  }

  private static String change(Change change, String field) {
    String name = shown(field);
    Object before = change.before().values().get(field);
    Object after = change.after().values().get(field);
    if (after == null) {
      return "%s was removed (it was %s)".formatted(name, shown(before));
    }
    return before == null
        ? "%s was set to %s".formatted(name, shown(after))
        : "%s changed from %s to %s".formatted(name, shown(before), shown(after));
  }

  /** In quotes where it has spaces, so that no value passes for the rest of the sentence. */
  private static String shown(@Nullable Object value) {
    String text = PlainText.brief(String.valueOf(value), LONGEST_VALUE);
    return text.isEmpty() || text.indexOf(' ') >= 0
        ? "“" + text.replace('“', '"').replace('”', '"') + "”"
        : text;
  }
}
