package dev.troth.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Generator.Formatted;
import dev.troth.contracts.generate.Language;
import dev.troth.json.JsonReader;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated types in the hands of other libraries, and of the types that languages have. */
class GeneratedLibrariesTest {
  private static final Contract CONTRACT =
      Contract.read(
          """
          {"contract": "visit", "version": "1.0.0", "owner": "o", "schema": {
            "type": "object",
            "required": ["id", "at", "day", "place"],
            "additionalProperties": false,
            "properties": {
              "id": {"type": "string", "format": "uuid"},
              "at": {"type": "string", "format": "date-time"},
              "day": {"type": "string", "format": "date"},
              "page": {"type": "string", "format": "uri"},
              "mail": {"type": "string", "format": "email", "maxLength": 40},
              "seats": {"type": "integer", "minimum": 1, "maximum": 9},
              "price": {"type": "number"},
              "mood": {"enum": ["good", "bad", null]},
              "place": {"oneOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "number"}},
                {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}},
                {"type": "object", "required": ["room"], "properties": {"room": {"type": "integer"}}}
              ]}}}}
          """
              .getBytes(UTF_8));

  private static final String DOCUMENT =
      """
      {"id":"123e4567-e89b-12d3-a456-426614174000","at":"2024-05-01T10:00:00.5+02:00",
       "day":"2024-05-01","page":"https://example.com/a","mail":"a@example.com","seats":2,
       "price":1.25,"mood":null,"place":{"room":12}}
      """;

  @TempDir private Path folder = Path.of("");

  private Generator.Result generate(Language language, boolean library) throws Exception {
    Generator.Result result =
        Generator.generate(
            CONTRACT,
            language,
            new Generator.Options(
                "visit",
                Formatted.NATIVE,
                library && language == Language.JAVA,
                library && language == Language.PYTHON));
    assertThat(result.findings()).isEmpty();
    for (var source : result.files()) {
      Path target = folder.resolve(source.path());
      Files.createDirectories(target.getParent());
      Files.writeString(target, source.text());
    }
    return result;
  }

  private URLClassLoader compiled(Generator.Result result) throws Exception {
    String annotations =
        Path.of(JsonCreator.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      StringWriter messages = new StringWriter();
      List<String> options =
          List.of("-Xlint:all", "-proc:none", "-cp", annotations, "-d", folder.toString());
      var units =
          manager.getJavaFileObjectsFromPaths(
              result.files().stream().map(file -> folder.resolve(file.path())).toList());
      boolean good = compiler.getTask(messages, manager, null, options, null, units).call();
      assertThat(good).as(messages.toString()).isTrue();
    }
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, GeneratedLibrariesTest.class.getClassLoader());
  }

  @Test
  void jacksonReadsAndWritesAnnotatedTypesWithAllTheirChecks() throws Exception {
    try (URLClassLoader loader = compiled(generate(Language.JAVA, true))) {
      Class<?> visit = loader.loadClass("visit.Visit");
      ObjectMapper mapper =
          new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
      Object read = mapper.readValue(DOCUMENT, visit);
      assertThat(JsonReader.read(mapper.writeValueAsString(read)))
          .isEqualTo(JsonReader.read(DOCUMENT));
      assertThat(mapper.readValue("\"here\"", loader.loadClass("visit.VisitPlace")))
          .hasToString("OfText[value=here]");
      assertThatThrownBy(
              () -> mapper.readValue(DOCUMENT.replace("\"seats\":2", "\"seats\":10"), visit))
          .hasMessageContaining("/seats: expected at most 9, found 10");
    }
  }

  @Test
  void formatsAreNativeTypesAndUnionsAreSealedInJava() throws Exception {
    Generator.Result result = generate(Language.JAVA, false);
    String visit = Files.readString(folder.resolve("visit/Visit.java"));
    assertThat(visit)
        .contains("UUID id", "OffsetDateTime at", "LocalDate day", "Optional<URI> page")
        .contains("Optional<String> mail", "Optional<Long> seats")
        .contains("Optional<Optional<VisitMood>> mood", "VisitPlace place")
        .doesNotContain("jackson", "import java.util.List;");
    assertThat(Files.readString(folder.resolve("visit/VisitPlace.java")))
        .contains("sealed interface VisitPlace");
    try (URLClassLoader loader = compiled(result)) {
      var read = loader.loadClass("visit.Visit").getMethod("fromJson", String.class);
      // A second 60 is a moment, but none of java.time.
      assertThatThrownBy(() ->
              read.invoke(
                  null, DOCUMENT.replace("2024-05-01T10:00:00.5+02:00", "2016-12-31T23:59:60Z")))
          .rootCause()
          .hasMessageContaining("/at: expected a text of the format date-time that its type");
    }
  }

  @Test
  void pythonAndGoKeepHowAMomentIsWritten() throws Exception {
    String leap = DOCUMENT.replace("2024-05-01T10:00:00.5+02:00", "2016-12-31t23:59:60.123456789z");
    GeneratedPackages.Item item =
        new GeneratedPackages.Item(
            "visit",
            CONTRACT,
            List.of(
                new GeneratedPackages.Document(DOCUMENT, true),
                new GeneratedPackages.Document(leap, true),
                new GeneratedPackages.Document(leap.replace("23:59:60", "23:58:60"), true)));
    assertThat(CONTRACT.schema()).isPresent();
    GeneratedCode.require("mypy", "--version");
    GeneratedCode.require("go", "version");
    // The last document is invalid, and the expectation that it is not shows the comparison works.
    assertThat(
            new GeneratedPackages(Files.createDirectory(folder.resolve("p")), List.of(item))
                .throughPython())
        .containsEntry("visit", "refuses a valid document");
    assertThat(
            new GeneratedPackages(Files.createDirectory(folder.resolve("g")), List.of(item))
                .throughGo())
        .containsEntry("visit", "refuses a valid document");
  }

  @Test
  void pydanticTakesTypesAsFieldsOfModels() throws Exception {
    GeneratedCode.require("python3", "-c", "import pydantic");
    generate(Language.PYTHON, true);
    Path program =
        Files.writeString(
            folder.resolve("through.py"),
            """
            import sys
            from pydantic import BaseModel, ValidationError
            from visit import Visit, VisitPlace

            class Diary(BaseModel):
                visit: Visit
                then: list[VisitPlace]

            text = sys.stdin.read()
            diary = Diary.model_validate_json('{"visit":%s,"then":["home",{"room":3}]}' % text)
            print(diary.visit.seats, diary.visit.at.year, diary.model_dump_json())
            try:
                Diary.model_validate_json('{"visit":%s,"then":[]}' % text.replace('"seats":2', '"seats":10'))
            except ValidationError as e:
                print("/seats: expected at most 9" in str(e))
            """);
    Process process =
        new ProcessBuilder("python3", program.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().write(DOCUMENT.getBytes(UTF_8));
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assumeTrue(process.waitFor() >= 0);
    assertThat(said).startsWith("2 2024 {\"visit\":{\"id\":\"123e4567").endsWith("True\n");
    assertThat(said).contains("\"then\":[\"home\",{\"room\":3}]}");
  }
}
