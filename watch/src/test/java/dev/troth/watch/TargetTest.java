package dev.troth.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.testkit.Property;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {

  @Test
  void aSubjectIsCoveredMostSpecificFirst() {
    assertThat(Target.covering(Subject.parse("table/shop.orders/7")))
        .extracting(Target::toString)
        .containsExactly("table/shop.orders/7", "table/shop.orders/*", "table/*", "*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"record/42", "record/*", "table/shop.orders/*", "a/b/c/*", "*"})
  void theWrittenFormIsRead(String text) {
    assertThat(Target.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "record",
        "/1",
        "record/",
        "Record/1",
        "record/a\nb",
        "record/a*",
        "record/x*/y",
        "**"
      })
  void otherTextsAreRefusedByName(String text) {
    assertThatThrownBy(() -> Target.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void coveringIsExactlyTheTargetsThatCover() {
    List<String> words = List.of("a", "b", "ab");
    Property.of("covering lists what covers")
        .runs(500, 50_000)
        .check(random -> {
          StringBuilder id = new StringBuilder(words.get(random.nextInt(3)));
          for (int i = random.nextInt(4); i > 0; i--) {
            id.append('/').append(words.get(random.nextInt(3)));
          }
          Subject subject = new Subject(words.get(random.nextInt(3)), id.toString());
          StringBuilder prefix = new StringBuilder();
          for (int i = random.nextInt(4); i > 0; i--) {
            prefix.append(words.get(random.nextInt(3))).append('/');
          }
          Target target = new Target.Collection(words.get(random.nextInt(3)), prefix.toString());
          assertThat(target.covers(subject))
              .as("%s covers %s", target, subject)
              .isEqualTo(Target.covering(subject).contains(target));
        });
  }
}
