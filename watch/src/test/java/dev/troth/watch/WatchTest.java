package dev.troth.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.watch.change.Change;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import dev.troth.watch.filter.Filter;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WatchTest {
  private static final Subject RECORD = Subject.parse("record/1");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final NewChange UPDATE =
      NewChange.of(RECORD, "record.updated", "bob")
          .before(Fields.of("price", 12))
          .after(Fields.of("price", 9));

  private static void check(WatchSettings wish, NewChange what, String expected) {
    Watch watch = new Watch(1, "ann", Target.parse("record/1"), wish, new Watch.Term(0, 10));
    check(watch, what, expected);
  }

  private static void check(Watch watch, NewChange what, String expected) {
    Change change = new Change(5, 1, NOON, what);
    String reason =
        watch.reasonFor(change, (user, of) -> user.equals("ann")).map(Reason::toString).orElse("-");
    assertThat(reason).isEqualTo(expected);
  }

  private static WatchSettings level(Level level) {
    return new WatchSettings(
        level, Set.of(), Filter.any(), Set.of(), Instant.EPOCH, OwnChanges.LEFT_OUT);
  }

  private static WatchSettings types(String... types) {
    return new WatchSettings(
        Level.CUSTOM, Set.of(types), Filter.any(), Set.of(), Instant.EPOCH, OwnChanges.LEFT_OUT);
  }

  @Test
  void theLevelDecides() {
    check(level(Level.ALL), UPDATE, "subscribed");
    check(level(Level.NONE), UPDATE, "-");
    check(level(Level.IGNORE), UPDATE, "-");
    check(level(Level.PARTICIPATING), UPDATE, "participating");
    check(types("record.updated"), UPDATE, "subscribed");
    check(types("record.deleted"), UPDATE, "-");
  }

  @Test
  void nobodyIsToldOfTheirOwnChange() {
    check(WatchSettings.all(), NewChange.of(RECORD, "record.updated", "ann"), "-");
  }

  @Test
  void aMentionReachesEveryLevelButIgnore() {
    NewChange mention = UPDATE.after(Fields.of("text", "ask @ann, please"));
    check(level(Level.NONE), mention, "mention");
    check(level(Level.ALL), mention, "mention");
    check(level(Level.IGNORE), mention, "-");
    check(level(Level.NONE), UPDATE.after(Fields.of("text", "ask @anna")), "-");
    check(level(Level.NONE), mention.before(mention.after()), "-");
  }

  @Test
  void aMuteHoldsUntilItsTimeAndLetsOnlyCriticalChangesPass() {
    check(WatchSettings.all().mutedUntil(NOON.plusSeconds(1)), UPDATE, "-");
    check(WatchSettings.all().mutedUntil(NOON.plusSeconds(1)), UPDATE.critical(), "critical");
    check(WatchSettings.all().mutedUntil(NOON), UPDATE, "subscribed");
  }

  @Test
  void aFilterNarrows() {
    WatchSettings cheap =
        new WatchSettings(
            Level.ALL,
            Set.of(),
            Filter.parse("price < 10"),
            Set.of(),
            Instant.EPOCH,
            OwnChanges.LEFT_OUT);
    check(cheap, UPDATE, "subscribed");
    check(cheap, UPDATE.after(Fields.of("price", 10)), "-");
  }

  @Test
  void onlyChangesWithinTheTermCount() {
    Target target = Target.parse("record/*");
    check(
        new Watch(1, "ann", target, WatchSettings.all(), new Watch.Term(4, 5)),
        UPDATE,
        "collection");
    check(new Watch(1, "ann", target, WatchSettings.all(), new Watch.Term(5, 9)), UPDATE, "-");
    check(new Watch(1, "ann", target, WatchSettings.all(), new Watch.Term(0, 4)), UPDATE, "-");
  }

  @Test
  void aWishThatCannotBeMeantIsRefused() {
    assertThatThrownBy(() -> level(Level.CUSTOM)).hasMessageContaining("custom");
    assertThatThrownBy(() ->
            new WatchSettings(
                Level.ALL, Set.of("x"), Filter.any(), Set.of(), Instant.EPOCH, OwnChanges.LEFT_OUT))
        .hasMessageContaining("only with level custom");
    assertThatThrownBy(
            () -> new Watch(1, " ", Target.parse("*"), WatchSettings.all(), new Watch.Term(0, 1)))
        .hasMessageContaining("user is ' '");
  }
}
