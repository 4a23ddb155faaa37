package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Pages of the registry's subjects by how many come before them. */
@Timeout(120)
class SubjectPagesTest {
  private static final String SCHEMA =
      "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"type\\\":\\\"string\\\"}\"}";
  private static final int FEW = 3_000;
  private static final int SLACK = 400;

  @Test
  void theLastPageOfALongListReadsAsMuchAsThatOfAShortOne() {
    long few = costOfLastPage(FEW);
    long many = costOfLastPage(Size.count(60_000, 1_000_000));
    assertThat(many).as("beside %d at %d subjects", few, FEW).isLessThan(few * 3 / 2 + SLACK);
  }

  private static long costOfLastPage(int subjects) {
    try (TestPlatform platform = TestPlatform.start("limits.rate", "1000000")) {
      Assumptions.assumeTrue(platform.isOnSqlite(), "replicas may write to a shared database");
      fill(platform, subjects);
      String route = "/registry/subjects?offset=%d&limit=50".formatted(subjects - 50);
      for (int i = 0; i < 12; i++) {
        assertThat(names(platform, route)).hasSize(50);
      }
      return new ReadWork(platform).of(() -> names(platform, route));
    }
  }

  @Test
  void everyPageIsThatPartOfTheWholeListWhicheverWayItIsFound() {
    try (TestPlatform platform = TestPlatform.start("limits.rate", "1000000")) {
      fill(platform, FEW);
      for (String list :
          List.of("", "subjectPrefix=s-00&", "subjectPrefix=:*:s-&", "deleted=true&")) {
        String route = "/registry/subjects?" + list;
        List<String> whole = names(platform, route);
        assertThat(whole).as(route).hasSizeGreaterThan(1_000);
        for (int round = 0; round < 3; round++) {
          for (int offset : List.of(499, 500, 501, 999, 1_000, 1_003, whole.size() - 3)) {
            List<String> page = names(platform, route + "offset=%d&limit=7".formatted(offset));
            assertThat(page)
                .as("%s from %d on, round %d", route, offset, round)
                .isEqualTo(whole.subList(offset, Math.min(offset + 7, whole.size())));
          }
          assertThat(names(platform, route + "offset=%d&limit=7".formatted(whole.size() + 600)))
              .isEmpty();
        }
      }
    }
  }

  @Test
  void whatIsRegisteredOrDeletedMovesTheNextPage() {
    try (TestPlatform platform = TestPlatform.start("limits.rate", "1000000")) {
      fill(platform, FEW);
      String route = "/registry/subjects?offset=2500&limit=3";
      List<String> before = names(platform, route);
      assertThat(List.of(names(platform, route), names(platform, route))).containsOnly(before);
      assertThat(platform.post("/registry/subjects/a-first/versions", SCHEMA).status())
          .isEqualTo(200);
      List<String> shifted = new ArrayList<>(before.subList(0, 2));
      shifted.addFirst("s-%06d".formatted(2_499));
      assertThat(names(platform, route)).isEqualTo(shifted);
      assertThat(names(platform, route)).isEqualTo(shifted);
      assertThat(names(platform, route)).isEqualTo(shifted);
      assertThat(platform.delete("/registry/subjects/a-first").status()).isEqualTo(200);
      assertThat(names(platform, route)).isEqualTo(before);
    }
  }

  private static List<String> names(TestPlatform platform, String route) {
    TestPlatform.Answer answer = platform.get(route);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().valueStream().map(JsonNode::asString).toList();
  }

  /** Subjects alone, as nothing is asked of their versions. */
  private static void fill(TestPlatform platform, int subjects) {
    platform
        .database()
        .write(handle -> {
          var batch =
              handle.prepareBatch(
                  "INSERT INTO registry_subject (subject, context, versions, in_use, last, top, special,"
                      + " writes) VALUES (?, '.', 1, 1, 1, 1, 0, 1)");
          IntStream.range(0, subjects).forEach(i -> batch.bind(0, "s-%06d".formatted(i)).add());
          return batch.execute().length;
        });
  }
}
