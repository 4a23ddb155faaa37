package dev.troth.json.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceFileTest {
  private static final String JSON =
      """
      {
        "é😀": [1, {"a/b": "x\\"y"}],
        "z" : null, "e": [], "o": {}, "t":true
      }
      """;

  @ParameterizedTest
  @CsvSource({
    "'',1,1",
    "/é😀,2,9",
    "/é😀/0,2,10",
    "/é😀/1,2,13",
    "/é😀/1/a~1b,2,21",
    "/z,3,9",
    "/e,3,20",
    "/o,3,29",
    "/t,3,37",
    "/none/at/all,1,1",
    "/é😀/7,2,9",
  })
  void valuesOfJsonHaveALineAndAColumn(String pointer, int line, int column) throws Exception {
    SourceFile file = SourceFile.read("a.json", JSON.getBytes(StandardCharsets.UTF_8));
    assertThat(file.place(pointer)).isEqualTo(new Location("a.json", line, column, pointer));
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b,'',0,0,/a/b",
    "file:///x#/a,file:///x,0,0,/a",
    "a.yaml:3:4,a.yaml,3,4,''",
    "a.yaml,a.yaml,0,0,''",
  })
  void locationsAreReadFromText(String text, String file, int line, int column, String pointer) {
    Location location = Location.of(text);
    assertThat(location).isEqualTo(new Location(file, line, column, pointer));
    assertThat(location).hasToString(text);
  }

  @Test
  void tagsAreShortForObjectsOfOneMember() {
    YamlTags tags = tag -> tag.startsWith("!") ? Optional.of(tag.substring(1)) : Optional.empty();
    byte[] yaml =
        "a: !Ref x\nb:\n  - !Join [1, !Ref y]\nc: !!str 5\n".getBytes(StandardCharsets.UTF_8);
    SourceFile file =
        SourceFile.documents("a.yaml", yaml, YamlLimits.DEFAULT, tags).read().getFirst();
    assertThat(file.json())
        .isEqualTo(
            JsonReader.read(
                """
                {"a": {"Ref": "x"}, "b": [{"Join": [1, {"Ref": "y"}]}], "c": "5"}
                """));
    assertThat(file.place("/a")).isEqualTo(new Location("a.yaml", 1, 4, "/a"));
    assertThat(file.place("/b/0/Join/1")).isEqualTo(new Location("a.yaml", 3, 15, "/b/0/Join/1"));
    assertThat(SourceFile.documents("a.yaml", yaml, YamlLimits.DEFAULT).read().getFirst().json())
        .isEqualTo(
            JsonReader.read(
                """
                {"a": "x", "b": [[1, "y"]], "c": "5"}
                """));
  }
}
