package dev.troth.watch.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import dev.troth.watch.terms.Ruling.Hold;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which of a user's preferences decides. */
final class PreferencesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Subject RECORD = new Subject("record", "42");
  private static final Target WATCHED = Target.parse("record/*");

  private static Terms quiet(String hours) {
    return new Terms(null, QuietHours.parse(hours), null, null, null, null, null, null);
  }

  private static Terms send(@Nullable Boolean send) {
    return new Terms(send, null, null, null, null, null, null, null);
  }

  private static Preference of(String scope, String channel, Terms terms) {
    return new Preference(Scope.parse(scope), channel, terms);
  }

  private static Preferences.Applied applied(Preference... preferences) {
    return new Preferences(ZoneOffset.UTC, List.of(preferences)).on(RECORD, WATCHED, "webhook/ops");
  }

  @Test
  void withoutAnyAllIsSentAtOnce() {
    assertThat(applied().first(false, true, NOON)).isEqualTo(Ruling.GO);
    assertThat(applied().limits()).isEmpty();
    assertThat(applied().collapses()).isFalse();
  }

  @Test
  void theNarrowerScopeDecidesAndWithinItTheNarrowerChannel() {
    List<Preference> fromWide =
        List.of(
            of("all", "*", send(false)),
            of("all", "webhook", send(true)),
            of("all", "webhook/ops", send(false)),
            of("type:record", "*", send(true)),
            of("type:record", "webhook", send(false)),
            of("type:record", "webhook/ops", send(true)),
            of("watch:record/*", "*", send(false)),
            of("watch:record/*", "webhook", send(true)),
            of("watch:record/*", "webhook/ops", send(false)));
    for (int count = 1; count <= fromWide.size(); count++) {
      Ruling ruling =
          applied(fromWide.subList(0, count).toArray(Preference[]::new)).first(false, true, NOON);
      assertThat(ruling instanceof Ruling.Never)
          .as("the %d widest: %s", count, ruling)
          .isEqualTo(count % 2 == 1);
      if (ruling instanceof Ruling.Never never) {
        assertThat(never.because()).startsWith(fromWide.get(count - 1).toString());
      }
    }
    assertThat(
            applied(
                    of("watch:record/42", "*", send(false)),
                    of("type:order", "*", send(false)),
                    of("all", "email", send(false)))
                .first(false, true, NOON))
        .as("others do not count")
        .isEqualTo(Ruling.GO);
  }

  /** The oracle walks all preferences and keeps the best for each term. */
  @Test
  void eachTermIsTakenFromTheNarrowestThatHasIt() {
    Property.of("precedence")
        .runs(200, 5_000)
        .check(random -> {
          List<Preference> all = new ArrayList<>();
          for (String scope : List.of("all", "type:record", "watch:record/*", "watch:record/42")) {
            for (String channel : List.of("*", "webhook", "webhook/ops", "email")) {
              if (random.nextInt(3) > 0) {
                all.add(of(scope, channel, any(random)));
              }
            }
          }
          Preferences.Applied applied =
              new Preferences(ZoneOffset.UTC, all).on(RECORD, WATCHED, "webhook/ops");
          Preference send = null;
          Preference quiet = null;
          for (String channel : List.of("*", "webhook", "webhook/ops")) {
            send = better(all, "all", channel, send, Which.SEND);
            quiet = better(all, "all", channel, quiet, Which.QUIET);
          }
          for (String scope : List.of("type:record", "watch:record/*")) {
            for (String channel : List.of("*", "webhook", "webhook/ops")) {
              send = better(all, scope, channel, send, Which.SEND);
              quiet = better(all, scope, channel, quiet, Which.QUIET);
            }
          }
          Ruling ruling = applied.first(false, true, NOON);
          if (send != null && Boolean.FALSE.equals(send.terms().send())) {
            assertThat(ruling).isInstanceOf(Ruling.Never.class);
          } else if (quiet != null && !QuietHours.NONE.equals(quiet.terms().quiet())) {
            assertThat(((Ruling.Later) ruling).because()).startsWith(quiet.toString());
          } else {
            assertThat(ruling).isEqualTo(Ruling.GO);
          }
        });
  }

  private enum Which {
    SEND,
    QUIET
  }

  private static @Nullable Preference better(
      List<Preference> all, String scope, String channel, @Nullable Preference best, Which which) {
    for (Preference one : all) {
      boolean says = which == Which.SEND ? one.terms().send() != null : one.terms().quiet() != null;
      if (says && one.scope().toString().equals(scope) && one.channel().equals(channel)) {
        return one;
      }
    }
    return best;
  }

  private static Terms any(RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> send(true);
      case 1 -> send(false);
      case 2 -> quiet("off");
      case 3 -> quiet("11:00-13:00");
      default -> Terms.SILENT;
    };
  }

  @Test
  void urgentChangesPassUnlessTheUserSaysOtherwise() {
    Preference quiet = of("all", "*", quiet("11:00-13:00"));
    Preference muted =
        of("all", "*", new Terms(null, null, null, null, null, null, NOON.plusSeconds(60), null));
    Preference held =
        of("type:record", "*", new Terms(null, null, false, null, null, null, null, null));
    assertThat(applied(quiet).first(false, true, NOON)).isInstanceOf(Ruling.Later.class);
    assertThat(applied(quiet).first(true, true, NOON)).isEqualTo(Ruling.GO);
    assertThat(applied(quiet, held).first(true, true, NOON)).isInstanceOf(Ruling.Later.class);
    assertThat(applied(muted).first(false, true, NOON)).isInstanceOf(Ruling.Never.class);
    assertThat(applied(muted).first(true, true, NOON)).isEqualTo(Ruling.GO);
    assertThat(applied(muted, held).first(true, true, NOON)).isInstanceOf(Ruling.Never.class);
  }

  @Test
  void aMuteEndsAtItsTime() {
    Instant end = NOON.plusSeconds(60);
    Preference muted = of("all", "*", new Terms(null, null, null, null, null, null, end, null));
    assertThat(applied(muted).first(false, true, end.minusMillis(1)))
        .isInstanceOf(Ruling.Never.class);
    assertThat(applied(muted).first(false, true, end)).isEqualTo(Ruling.GO);
  }

  @Test
  void aDigestThatEndsInQuietHoursWaitsForTheirEnd() {
    Terms terms =
        new Terms(
            null,
            QuietHours.parse("12:30-14:00"),
            null,
            Schedule.parse("1h"),
            null,
            null,
            null,
            null);
    assertThat(applied(of("all", "*", terms)).first(false, true, NOON))
        .isInstanceOfSatisfying(
            Ruling.Later.class,
            later -> {
              assertThat(later.hold()).isEqualTo(Hold.QUIET);
              assertThat(later.until()).isEqualTo(NOON.plusSeconds(7_200));
            });
    assertThat(applied(of("all", "*", terms)).first(false, false, NOON))
        .as("a channel that takes no digests")
        .isEqualTo(Ruling.GO);
  }

  @Test
  void aDigestHoldsForThirtyOneDaysAtMost() {
    Terms yearly =
        new Terms(null, null, null, Schedule.parse("cron 0 0 29 2 *"), null, null, null, null);
    assertThat(applied(of("all", "*", yearly)).first(false, true, NOON))
        .isInstanceOfSatisfying(
            Ruling.Later.class,
            later -> assertThat(later.until()).isEqualTo(NOON.plusSeconds(31 * 86_400)));
  }

  @Test
  void aLimitOfTheUserAndOneOfTheChannelBothCount() {
    Preference user = of("all", "*", limit("20/1h"));
    Preference channel = of("all", "webhook/ops", limit("5/1m"));
    Preference narrower = of("type:record", "webhook", limit("off"));
    assertThat(applied(user, channel).limits())
        .extracting(counted -> counted.limit().toString())
        .containsExactly("5/1m", "20/1h");
    assertThat(applied(user, channel, narrower).limits())
        .extracting(counted -> counted.limit().toString())
        .containsExactly("20/1h");
    assertThat(Limit.parse("5/1m").windowOf(NOON.plusSeconds(59))).isEqualTo(NOON);
    for (String wrong : List.of("0/1h", "5", "/1h", "5/2d", "5/h", "100001/1h", "-1/1h")) {
      assertThatThrownBy(() -> Limit.parse(wrong)).as(wrong).hasMessageContaining("expected");
    }
  }

  private static Terms limit(String text) {
    return new Terms(null, null, null, null, null, Limit.parse(text), null, null);
  }

  @Test
  void aScopeIsReadAsItIsWritten() {
    for (String scope :
        List.of("all", "type:record", "watch:record/42", "watch:a/b/*", "watch:*")) {
      assertThat(Scope.parse(scope).toString()).isEqualTo(scope);
    }
    for (String wrong : List.of("", "record", "type:", "type:a/b", "watch:", "everything")) {
      assertThatThrownBy(() -> Scope.parse(wrong)).as(wrong).isInstanceOf(RuntimeException.class);
    }
  }
}
