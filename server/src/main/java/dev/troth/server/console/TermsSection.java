package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.FormBody;
import dev.troth.server.terms.PersonalTerms;
import dev.troth.server.terms.PersonalTerms.PersonBody;
import dev.troth.server.terms.PersonalTerms.PreferenceBody;
import dev.troth.server.terms.TermsText;
import dev.troth.server.terms.TermsView;
import dev.troth.watch.terms.Preference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A user's terms in the settings page.
 *
 * @param terms the user's, or why they cannot be shown
 * @param draft what the form begins with: the preference that is to be changed, or nothing
 */
record TermsSection(Listing<TermsView> terms, TermsView.Item draft) {
  private static final TermsText NOTHING =
      new TermsText(null, null, null, null, null, null, null, null);

  static final Slots<TermsSection> SLOTS = slots();

  private static Slots<TermsSection> slots() {
    Slots<TermsSection> slots =
        new Slots<TermsSection>()
            .text("terms.zone", section -> section.person(TermsView::zone))
            .text("terms.locale", section -> section.person(TermsView::locale))
            .text("preferences.state", TermsSection::state)
            .text("preferences.trouble", section -> section.terms.trouble())
            .text(
                "preferences.summary",
                section -> Formats.counted(section.items().size(), "preference", "preferences"))
            .each(
                "preferences",
                TermsSection::items,
                new Slots<TermsView.Item>()
                    .text("key", item -> item.scope() + " " + item.channel())
                    .text("scope", TermsView.Item::scope)
                    .text("channel", TermsView.Item::channel)
                    .text("scopeAsked", item -> Formats.pathOf(item.scope()))
                    .text("channelAsked", item -> Formats.pathOf(item.channel()))
                    .text("says", TermsView.Item::says)
                    .text(
                        "changeLabel",
                        item -> "Change %s on %s".formatted(item.scope(), item.channel()))
                    .text(
                        "removeLabel",
                        item -> "Remove %s on %s".formatted(item.scope(), item.channel())))
            .text("draft.scope", section -> section.draft.scope())
            .text("draft.channel", section -> section.draft.channel())
            .text("draft.quiet", section -> written(section.draft.terms().quiet()))
            .text("draft.digest", section -> written(section.draft.terms().digest()))
            .text("draft.limit", section -> written(section.draft.terms().limit()))
            .text("draft.muted", section -> written(section.draft.terms().mutedUntil()))
            .text("draft.title", section -> written(section.draft.terms().title()));
    choice(
        slots,
        "autowatch",
        section ->
            yesOrNo(
                section.terms.rows().stream().findFirst().map(TermsView::autowatch).orElse(null)),
        Map.of("", "as before", "yes", "yes", "no", "no"));
    choice(
        slots,
        "collapse",
        section -> yesOrNo(section.draft.terms().collapse()),
        Map.of("", "as before", "yes", "the newest of each subject", "no", "every change"));
    choice(
        slots,
        "pages",
        section -> yesOrNo(section.draft.terms().pages()),
        Map.of("", "as before", "yes", "pass all of it", "no", "are held too"));
    choice(
        slots,
        "send",
        section -> yesOrNo(section.draft.terms().send()),
        Map.of("", "as before", "yes", "on", "no", "off"));
    return slots;
  }

  /**
   * A choice whose first option is what is so now, since a page cannot choose another one: the same
   * option further down is hidden.
   */
  private static void choice(
      Slots<TermsSection> slots,
      String name,
      Function<TermsSection, String> chosen,
      Map<String, String> words) {
    Slots<TermsSection> _ =
        slots
            .text("draft." + name, chosen)
            .text("draft." + name + ".words", chosen.andThen(words::get))
            .text("draft." + name + ".none", chosen.andThen(value -> Formats.yes(value.isEmpty())))
            .text(
                "draft." + name + ".yes", chosen.andThen(value -> Formats.yes(value.equals("yes"))))
            .text(
                "draft." + name + ".no", chosen.andThen(value -> Formats.yes(value.equals("no"))));
  }

  static TermsSection of(PersonalTerms terms, Visit visit) {
    Caller caller = visit.caller();
    Listing<TermsView> own =
        Listing.ask("Preferences", () -> List.of(terms.of(caller, caller.user())));
    String scope = visit.query().getOrDefault("scope", "all");
    String channel = visit.query().getOrDefault("channel", Preference.EVERY_CHANNEL);
    return new TermsSection(
        own,
        own.rows().stream()
            .flatMap(view -> view.items().stream())
            .filter(item -> visit.query().containsKey("scope"))
            .filter(item -> item.scope().equals(scope) && item.channel().equals(channel))
            .findFirst()
            .orElse(new TermsView.Item("all", Preference.EVERY_CHANNEL, NOTHING)));
  }

  static void prefer(PersonalTerms terms, FormBody form, Caller caller) {
    TermsView _ =
        terms.set(
            caller,
            new PreferenceBody(
                null,
                form.require("scope").strip(),
                form.require("channel").strip(),
                chosen(form, "send"),
                text(form, "quiet"),
                chosen(form, "pages"),
                text(form, "digest"),
                chosen(form, "collapse"),
                text(form, "limit"),
                text(form, "mutedUntil"),
                text(form, "title")));
  }

  static void unprefer(PersonalTerms terms, FormBody form, Caller caller) {
    boolean _ = terms.remove(caller, caller.user(), form.require("scope"), form.require("channel"));
  }

  static void describe(PersonalTerms terms, FormBody form, Caller caller) {
    TermsView _ =
        terms.describe(
            caller,
            new PersonBody(
                null,
                form.require("zone").strip(),
                text(form, "locale"),
                chosen(form, "autowatch")));
  }

  /** What a field says; one that is left empty says nothing. */
  private static @Nullable String text(FormBody form, String name) {
    String text = form.get(name).strip();
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Boolean chosen(FormBody form, String name) {
    return switch (form.get(name)) {
      case "" -> null;
      case "yes" -> true;
      case "no" -> false;
      default -> throw form.unknown(name, "yes, no or nothing");
    };
  }

  private String state() {
    return terms.failed() ? "error" : items().isEmpty() ? "empty" : "ok";
  }

  private List<TermsView.Item> items() {
    return terms.rows().stream().flatMap(view -> view.items().stream()).toList();
  }

  private String person(Function<TermsView, String> what) {
    return terms.rows().stream().findFirst().map(what).orElse("");
  }

  private static String written(@Nullable String term) {
    return Optional.ofNullable(term).orElse("");
  }

  private static String yesOrNo(@Nullable Boolean term) {
    return term == null ? "" : Formats.yes(term);
  }
}
