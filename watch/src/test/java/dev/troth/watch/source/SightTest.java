package dev.troth.watch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.source.Observation.Validators;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What looks at a thing make of it. */
final class SightTest {
  private static final Subject WEATHER = Subject.parse("http/weather");

  private static Observation seen(Object document) {
    return new Observation.Seen(Flattened.of(document), Validators.NONE);
  }

  @Test
  void aDocumentsInnerMembersAreFieldsWithDottedNames() {
    Fields fields =
        Flattened.of(Map.of("a", Map.of("b", 1, "c", Map.of("d", "x")), "l", List.of(1, 2)));
    assertThat(new TreeMap<>(fields.values()))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a.b", 1, "a.c.d", "x", "l", List.of(1, 2)));
    assertThat(Flattened.of(List.of(1)).values()).containsEntry("value", List.of(1));
    assertThat(Flattened.of(null).values()).containsKey("value");
    Map<String, Object> wide = new TreeMap<>();
    for (int i = 0; i < 1_001; i++) {
      wide.put("f" + i, i);
    }
    assertThatThrownBy(() -> Flattened.of(wide)).hasMessageContaining("more than 1000 fields");
  }

  @Test
  void aPointerIsThatOfRfc6901() {
    Map<String, Object> document = Map.of("a/b", List.of(Map.of("m~n", 7)), "", 0);
    assertThat(JsonPointer.parse("/a~1b/0/m~0n").in(document)).isEqualTo(7);
    assertThat(JsonPointer.parse("").in(document)).isEqualTo(document);
    assertThat(JsonPointer.parse("/").in(document)).isEqualTo(0);
    for (String absent : List.of("/x", "/a~1b/1", "/a~1b/00", "/a~1b/0/m~0n/x")) {
      assertThat(JsonPointer.parse(absent).in(document)).as(absent).isNull();
    }
    for (String wrong : List.of("a", "/~2", "/~")) {
      assertThatThrownBy(() -> JsonPointer.parse(wrong)).hasMessageContaining("RFC 6901");
    }
  }

  @Test
  void aFirstSightStatesNothingAndOneThatWentAndCameBackIsTold() {
    Sight.Step first = Sight.NEVER.see(seen(Map.of("t", 1)), WEATHER, "source/weather");
    assertThat(first.change()).isEmpty();
    Sight.Step gone = first.after().see(new Observation.Gone(), WEATHER, "source/weather");
    assertThat(gone.change().map(NewChange::type)).hasValue("http.lost");
    assertThat(gone.after().see(new Observation.Gone(), WEATHER, "s").change()).isEmpty();
    Sight.Step back = gone.after().see(seen(Map.of("t", 1)), WEATHER, "source/weather");
    assertThat(back.change().map(NewChange::type)).hasValue("http.back");
  }

  @Test
  void theChangesOfAnyLooksLeadFromTheFirstSightToTheLast() {
    Property.of("changes form a chain")
        .runs(2_000, 50_000)
        .check(random -> {
          Sight sight = Sight.NEVER;
          List<NewChange> told = new ArrayList<>();
          Fields first = Fields.none();
          Fields last = Fields.none();
          for (int i = 0; i < 20; i++) {
            Observation look =
                switch (random.nextInt(4)) {
                  case 0 -> new Observation.Unchanged();
                  case 1 -> new Observation.Failed("no", Duration.ZERO);
                  default -> seen(Map.of("a", random.nextInt(3), "b", random.nextInt(2)));
                };
            if (look instanceof Observation.Seen(Fields now, var _)) {
              first = first.isEmpty() ? now : first;
              last = now;
            }
            Sight.Step step = sight.see(look, WEATHER, "source/weather");
            step.change().ifPresent(told::add);
            sight = step.after();
          }
          Fields at = first;
          for (NewChange change : told) {
            assertThat(change.before()).isEqualTo(at);
            assertThat(Fields.changed(change.before(), change.after())).isNotEmpty();
            at = change.after();
          }
          assertThat(Fields.changed(at, last)).isEmpty();
        });
  }
}
