package dev.troth.watch.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import java.time.Instant;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What people read of a change. */
final class HeadlineTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Subject DEMO = Subject.parse("record/1");

  private static String headline(NewChange what) {
    return Headline.of(new Change(1, 1, NOON, what));
  }

  private static void check(NewChange what, String expected) {
    assertThat(headline(what)).isEqualTo(expected);
  }

  private static NewChange updated(Fields before, Fields after) {
    return NewChange.of(DEMO, "record.updated", "ada").before(before).after(after);
  }

  private static NewChange slo(String type, Fields before, Fields after) {
    return NewChange.of(Subject.parse("slo/orders"), type, "slo").before(before).after(after);
  }

  @Test
  void aRecordsUpdateSaysWhatChangedFromWhatToWhatByWhom() {
    check(
        updated(
            Fields.of("name", "Demo Record", "value", "1"),
            Fields.of("name", "Demo Record", "value", "2")),
        "Demo Record: value changed from 1 to 2 by ada");
    check(
        updated(Fields.of("a", 1, "b", "x y"), Fields.of("a", 2, "c", true)),
        "record/1: a changed from 1 to 2, b was removed (it was “x y”) and c was set to true by ada");
    check(
        updated(Fields.of("a", 1, "b", 1, "c", 1, "d", 1), Fields.of("a", 2, "b", 2, "c", 2)),
        "record/1: a changed from 1 to 2, b changed from 1 to 2, c changed from 1 to 2"
            + " and 1 more field changed by ada");
    check(updated(Fields.of("a", 1), Fields.of("a", 1)), "record/1: record updated by ada");
  }

  @Test
  void whatThePlatformSaysHasAWordingOfItsOwn() {
    Fields title = Fields.of("name", "Orders get all the way through");
    Fields page =
        Fields.of(
            "name",
            "Orders get all the way through",
            "alert",
            "page",
            "because",
            "publishing failed in 21 requests");
    check(
        slo("alert.fired", title, page),
        "Orders get all the way through is paging: publishing failed in 21 requests");
    check(
        slo("alert.fired", title, Fields.of("name", "Orders", "alert", "ticket")),
        "Orders is using up its budget");
    check(
        slo("alert.resolved", page, Fields.of("name", "Orders", "alert", "none", "lasted", "90s")),
        "Orders is no longer paging, after 90s");
    check(
        slo(
            "budget.crossed",
            Fields.of("budget", "below 50 %"),
            Fields.of("name", "Orders", "budget", "50 %")),
        "Orders has spent 50 % of its budget");
    check(
        NewChange.of(DEMO, "record.created", "ada").after(Fields.of("name", "Tea")),
        "Tea was created by ada");
    check(
        NewChange.of(DEMO, "record.deleted", "ada").before(Fields.of("name", "Tea")),
        "Tea was deleted by ada");
    check(
        NewChange.of(Subject.parse("agent/web-1"), "agent.silent", "observe")
            .before(Fields.of("state", "reporting"))
            .after(Fields.of("state", "silent", "lastHeard", "2026-01-01T11:00:00Z")),
        "The agent on web-1 fell silent, last heard 2026-01-01T11:00:00Z");
    check(
        NewChange.of(Subject.parse("endpoint/1"), "endpoint.disabled", "watch")
            .before(Fields.of("state", "active"))
            .after(Fields.of("name", "webhook/ops", "state", "disabled", "why", "HTTP 410")),
        "The address webhook/ops was disabled: HTTP 410");
  }

  @Test
  void anEventIsToldByItsTypeAndCannotPassForAnAlertOfThePlatform() {
    Fields attributes = Fields.of("id", "1", "source", "/orders");
    NewChange plain =
        NewChange.of(Subject.parse("order/42"), "order_placed", "/orders")
            .after(Fields.of("n", 1))
            .event(attributes);
    check(plain, "order/42: order placed");
    NewChange posing =
        NewChange.of(Subject.parse("slo/orders"), "alert.fired", "/orders")
            .after(Fields.of("name", "Orders", "alert", "page", "because", "of me"))
            .event(attributes);
    check(posing, "Orders (slo/orders): alert fired");
  }

  @Test
  void aValueIsNeitherATemplateNorTheRestOfTheSentence() {
    check(
        updated(Fields.of("v", "{actor}"), Fields.of("v", "[{name}]")),
        "record/1: v changed from {actor} to [{name}] by ada");
    check(
        updated(Fields.of("v", "1"), Fields.of("v", "2 by root”")),
        "record/1: v changed from 1 to “2 by root\"” by ada");
    check(
        updated(Fields.of("v", "a"), Fields.of("v", "\u202Eevil\u202C\r\nBcc: x\u2028")),
        "record/1: v changed from a to “evil Bcc: x” by ada");
  }

  @Test
  void whateverItIsMadeOfItIsOneShortLine() {
    Property.of("a headline is one line of whole characters")
        .runs(2_000, 100_000)
        .check(random -> {
          NewChange what =
              new NewChange(
                  DEMO,
                  "record.updated",
                  "a" + text(random),
                  Fields.of(Map.of("name", text(random), text(random), text(random), "v", "x")),
                  Fields.of(Map.of("name", text(random), text(random), text(random), "v", "y")),
                  random.nextBoolean() ? Fields.none() : Fields.of("id", "1"),
                  false);
          String line = headline(what);
          assertThat(line).isNotBlank().hasSizeLessThanOrEqualTo(300);
          assertThat(line.codePoints().filter(HeadlineTest::breaksALine)).isEmpty();
        });
  }

  private static boolean breaksALine(int character) {
    int type = Character.getType(character);
    boolean joiner = character == 0x200C || character == 0x200D;
    return type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE
        || (type == Character.FORMAT && !joiner);
  }

  private static String text(RandomGenerator random) {
    int[] odd = {
      '{', '}', '[', ']', '\n', '\r', 0, 0x202E, 0x2028, 0x1F600, 0x200D, 0x85, ' ', 'x'
    };
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(random.nextInt(10) == 0 ? 240 : 40);
    while (text.length() < length) {
      text.appendCodePoint(odd[random.nextInt(odd.length)]);
    }
    return text.toString();
  }
}
