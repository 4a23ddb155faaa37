package dev.troth.server.terms;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.watch.terms.Preference;
import java.util.List;

/**
 * A user's terms as clients and pages see them.
 *
 * @param zone the user's time zone
 * @param locale the language tag by which times are written
 * @param autowatch whether the user watches the records that they create
 */
public record TermsView(
    String user, String zone, String locale, boolean autowatch, List<Item> items) {

  /** A preference: a scope, a channel, and what is said of them. */
  public record Item(String scope, String channel, @JsonUnwrapped TermsText terms) {
    static Item of(Preference preference) {
      return new Item(
          preference.scope().toString(), preference.channel(), TermsText.of(preference.terms()));
    }

    /** What is said, in a line. */
    public String says() {
      return terms.says();
    }
  }
}
