package dev.troth.server.why;

import dev.troth.watch.Decision;
import dev.troth.watch.Decision.Rule;
import dev.troth.watch.Reason;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Change;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A decision in words.
 *
 * @param terms all that the user ever watched, to say why none of it covers the change
 */
record Sentence(String user, Change change, List<Watch> terms) {

  /** The word for the rule that decided. */
  static String rule(Decision decision) {
    return switch (decision) {
      case Decision.Told(Reason reason) -> reason.toString();
      case Decision.Silent(Rule rule) -> rule.toString();
    };
  }

  String of(Optional<Watch> decider, Decision decision) {
    if (decider.isEmpty()) {
      return noWatch();
    }
    Watch watch = decider.get();
    return switch (decision) {
      case Decision.Told(Reason reason) -> told(watch, reason);
      case Decision.Silent(Rule rule) -> silent(watch, rule);
    };
  }

  private String told(Watch watch, Reason reason) {
    if (change.type().equals("oncall.opened") && change.what().event().isEmpty()) {
      return "%s was paged for it, and it goes to %s now, number %s in line"
          .formatted(user, change.after().values().get("to"), change.after().values().get("step"));
    }
    return switch (reason) {
      case MENTION -> "it mentions @%s, who watches %s".formatted(user, watch.target());
      case PARTICIPATING ->
          "%s watches %s and changed %s before".formatted(user, watch.target(), change.subject());
      case CRITICAL ->
          "it is critical, so it passed the mute of %s until %s"
              .formatted(watch.target(), watch.wish().mutedUntil());
      case SUBSCRIBED -> "%s watches %s".formatted(user, watch.target());
      case COLLECTION ->
          "%s watches %s, which covers %s".formatted(user, watch.target(), change.subject());
    };
  }

  private String silent(Watch watch, Rule rule) {
    return switch (rule) {
      case NO_WATCH -> noWatch();
      case IGNORE ->
          "the watch of %s is set to ignore, and it is the most specific one"
              .formatted(watch.target());
      case OWN_CHANGE ->
          "%s made this change, and the watch of %s leaves own changes out"
              .formatted(user, watch.target());
      case FILTER ->
          "the filter of the watch of %s does not hold: %s"
              .formatted(watch.target(), watch.wish().filter().text());
      case MUTED ->
          "the watch of %s was muted until %s".formatted(watch.target(), watch.wish().mutedUntil());
      case NOT_MENTIONED ->
          "the watch of %s notifies of mentions alone, and no changed text says @%s"
              .formatted(watch.target(), user);
      case OTHER_TYPE ->
          "the watch of %s notifies of %s alone, and this is %s"
              .formatted(watch.target(), String.join(", ", watch.wish().types()), change.type());
      case NOT_PARTICIPATING ->
          "the watch of %s notifies of subjects that %s changed, and %s was not one before this change"
              .formatted(watch.target(), user, change.subject());
    };
  }

  private String noWatch() {
    List<Watch> covering =
        terms.stream()
            .filter(watch -> watch.target().covers(change.subject()))
            .sorted(Comparator.comparingLong(watch -> watch.term().after()))
            .toList();
    if (covering.isEmpty()) {
      return "%s watches nothing that covers %s".formatted(user, change.subject());
    }
    return covering.stream()
        .filter(watch -> watch.term().after() >= change.seq())
        .findFirst()
        .map(watch ->
            "%s watched %s only after change %d"
                .formatted(user, watch.target(), watch.term().after()))
        .orElseGet(() ->
            "%s watched %s only up to change %d"
                .formatted(user, covering.getLast().target(), covering.getLast().term().until()));
  }
}
