package dev.troth.observe.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineJoinerTest {
  private static final LineJoiner.Writer ONE = new LineJoiner.Writer(1, null);
  private static final LineJoiner.Writer TWO = new LineJoiner.Writer(2, null);

  private final List<LineJoiner.Joined> lines = new ArrayList<>();
  private final LineJoiner joiner = new LineJoiner();
  private long now;

  private void write(String text, LineJoiner.Writer by) {
    byte[] bytes = text.getBytes(UTF_8);
    joiner.add(bytes, bytes.length, true, by, ++now, lines::add);
  }

  private List<String> texts() {
    return lines.stream().map(line -> new String(line.bytes(), UTF_8)).toList();
  }

  @Test
  void partsOfALineAreJoinedAndBearTheTimeOfTheFirst() {
    write("or", ONE);
    write("der 7\nor", ONE);
    write("der 8\n\n", ONE);
    assertThat(texts()).containsExactly("order 7", "order 8");
    assertThat(lines).extracting(LineJoiner.Joined::time).containsExactly(1L, 2L);
    assertThat(lines).extracting(LineJoiner.Joined::writer).containsOnly(ONE);
  }

  @Test
  void aLineThatTwoThreadsHaveWrittenIsNobodys() {
    write("left ", ONE);
    write("right\n", TWO);
    write("alone\n", TWO);
    assertThat(lines)
        .extracting(LineJoiner.Joined::writer)
        .containsExactly(LineJoiner.Writer.SEVERAL, TWO);
  }

  @Test
  void aLineThatIsTooLongIsCutOnceAndTheNextOneIsWhole() {
    String most = "x".repeat(LineJoiner.MOST);
    write(most + "y".repeat(3), ONE);
    write("z\nnext\n", ONE);
    write(most + "\n", ONE);
    assertThat(texts()).containsExactly(most, "next", most);
    assertThat(lines).extracting(LineJoiner.Joined::cut).containsExactly(true, false, false);
  }

  @Test
  void whatWasNotCapturedWholeEndsTheLine() {
    joiner.add("seen".getBytes(UTF_8), 4, false, ONE, 1, lines::add);
    write("next\n", ONE);
    assertThat(texts()).containsExactly("seen", "next");
    assertThat(lines).extracting(LineJoiner.Joined::cut).containsExactly(true, false);
  }

  @Test
  void whatIsWrittenInAnyPiecesComesAsTheSameLines() {
    long seed = Long.getLong("troth.seed", System.nanoTime());
    Random random = new Random(seed);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      all.append("é".repeat(random.nextInt(40))).append(i).append('\n');
    }
    byte[] bytes = all.toString().getBytes(UTF_8);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(1 + random.nextInt(30), bytes.length - at);
      byte[] piece = new byte[length];
      System.arraycopy(bytes, at, piece, 0, length);
      joiner.add(piece, length, true, ONE, ++now, lines::add);
      at += length;
    }
    assertThat(texts()).as("seed %d", seed).isEqualTo(all.toString().lines().toList());
  }
}
