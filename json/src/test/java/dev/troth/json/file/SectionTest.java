package dev.troth.json.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value in a file says where it stands, what it is and what was expected. */
class SectionTest {
  private static SourceFile.Documents read(String yaml, YamlLimits limits) {
    return SourceFile.documents("t.yaml", yaml.getBytes(StandardCharsets.UTF_8), limits);
  }

  private static SourceFile file(String yaml) {
    SourceFile.Documents documents = read(yaml, YamlLimits.DEFAULT);
    assertThat(documents.wrong()).isEmpty();
    return documents.read().getFirst();
  }

  @Test
  void aScalarIsTheTextThatStandsInTheFile() {
    Section root =
        Section.of(file("{a: 007, b: 1.10, c: True, d: 0x1F, e: '2', f: 1e3, g: +1, h: ~}"));
    assertThat(root.textsByKey().values())
        .containsExactly("007", "1.10", "True", "0x1F", "2", "1e3", "+1", "~");
    assertThat(root.need("a").number()).isEqualTo(7);
    assertThat(root.get("h")).isEmpty();
  }

  @Test
  void aWrongValueIsNamedWithItsPathAndLine() {
    Section root = Section.of(file("spec:\n  goals:\n    - target: high\n"));
    Section target = root.need("spec").need("goals").list().getFirst().need("target");
    assertThatThrownBy(target::number)
        .hasMessage("spec.goals[0].target is 'high', expected a number")
        .isInstanceOfSatisfying(
            Section.WrongException.class, wrong -> assertThat(wrong.place().line()).isEqualTo(3));
    for (String endless : List.of("1e999", "-1e400", "NaN", "Infinity")) {
      assertThatThrownBy(() -> Section.of(file("a: " + endless + "\n")).need("a").number())
          .hasMessage("a is '%s', expected a number".formatted(endless));
    }
    assertThatThrownBy(() -> root.need("spec").text()).hasMessage("spec, expected a text");
    assertThatThrownBy(() -> root.need("kind")).hasMessage("document has no 'kind'");
    assertThatThrownBy(() -> root.only("kind", "name"))
        .hasMessage("spec is not known here, expected one of kind, name");
  }

  @Test
  void aSinkCollectsAllThatIsWrong() {
    List<String> wrong = new ArrayList<>();
    Section root =
        Section.of(file("{port: x, endpont: y, list: [a, {b: c}]}"), e -> wrong.add(e.reason()));
    assertThat(root.read("port", Section::whole)).isEmpty();
    assertThat(root.read("endpoint", Section::text)).isEmpty();
    assertThat(root.read("list", Section::texts)).isEmpty();
    root.onlyRead();
    assertThat(wrong)
        .containsExactly(
            "port is 'x', expected a whole number",
            "list[1], expected a text",
            "endpont is not known: did you mean 'endpoint'?");
  }

  @Test
  void dotsAndMappingsAreTheSame() {
    List<String> wrong = new ArrayList<>();
    Section flat =
        Section.of(
                file("a.b: 1\na:\n  b: 2\n  c:\n    d: 3\nw:\n  x: 4\n"),
                e -> wrong.add(e.reason()))
            .flat(Set.of("w"));
    assertThat(flat.keys()).containsExactly("a.b", "a.c.d", "w");
    assertThat(flat.need("a.b").text()).isEqualTo("1");
    assertThat(flat.need("a.c.d").line()).isEqualTo(5);
    assertThat(flat.need("w").need("x").text()).isEqualTo("4");
    assertThat(wrong).containsExactly("a.b: is given twice (t.yaml:1 and t.yaml:3)");
  }

  @Test
  void aKeyStandsWhereItIsWrittenAndNotWhereItsValueIs() {
    Section list = Section.of(file("x: 1\nlist:\n  - a\n")).need("list");
    assertThat(list.keyPlace().line()).isEqualTo(2);
    assertThat(list.place().line()).isEqualTo(3);
  }

  @Test
  void oneWrongDocumentDoesNotHideTheOthers() {
    SourceFile.Documents documents =
        read("a: 1\n---\n? [x]\n: 2\n---\nb: 3\n---\nc: [\n", YamlLimits.DEFAULT);
    assertThat(documents.read().stream().map(file -> file.json().toString()))
        .containsExactly("{\"a\":1}", "{\"b\":3}");
    assertThat(documents.read().get(1).place("/b").line()).isEqualTo(6);
    assertThat(documents.wrong()).hasSize(2);
    assertThat(documents.wrong().getFirst().place().line()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A: &r\n  b: 1\n  <<: *r\n",
        "A: &r [1, *r]\n",
        "A: &r {b: {<<: [*r]}}\n",
        "DEEP [",
        "DEEP {a: ",
        "DEEP {\"a\":",
        "DEEP - "
      })
  void whatNeverEndsOrNestsTooDeepIsOneError(String text) {
    String document =
        text.startsWith("DEEP ") ? "a: " + text.substring(5).repeat(20_000) + "\n" : text;
    List<SourceFile.SyntaxException> wrong = read(document, YamlLimits.DEFAULT).wrong();
    assertThat(wrong).hasSize(1);
    assertThat(wrong.getFirst().place().line()).isPositive();
  }

  @Test
  void theCallerLimitsLengthAndAliases() {
    assertThat(read("a: [1]\n", new YamlLimits(6, 0)).wrong()).hasSize(1);
    String aliases = "a: &a [1]\nb: *a\nc: *a\n";
    assertThat(read(aliases, new YamlLimits(100, 1)).wrong()).hasSize(1);
    assertThat(read(aliases, new YamlLimits(100, 2)).wrong()).isEmpty();
    assertThat(read("", YamlLimits.DEFAULT).read()).isEmpty();
  }
}
