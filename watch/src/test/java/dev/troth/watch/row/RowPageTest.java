package dev.troth.watch.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.watch.change.NewChange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Messages of a stream, and how far they were taken when it broke. */
final class RowPageTest {
  private static TableChanges orders(String... columns) {
    return new TableChanges(
        "table",
        "source/shop",
        Map.of("shop.orders", Set.of(columns)),
        new TableChanges.Knowledge() {
          @Override
          public List<String> primaryKey(Relation relation) {
            return List.of("id");
          }

          @Override
          public @Nullable Object json(String text) {
            return text;
          }
        });
  }

  private static List<NewChange> changes(TableChanges tables, ByteBuffer... messages) {
    PgOutput reader = new PgOutput();
    RowPage page = new RowPage(tables, RowPlace.at(1));
    page.add(reader.read(Messages.begin(100)), 1);
    for (ByteBuffer message : messages) {
      page.add(reader.read(message), 1);
    }
    page.add(reader.read(Messages.commit(120)), 1);
    assertThat(page.to()).isEqualTo(RowPlace.at(120));
    return page.changes();
  }

  private static ByteBuffer update(char former, Messages.Part was, Messages.Part is) {
    return Messages.message(
        Messages.letter('U'),
        Messages.int32(99),
        Messages.letter(former),
        was,
        Messages.letter('N'),
        is);
  }

  @Test
  void aRowByItsKeyIsKnownAfterAnUpdateAndByItsKeyBefore() {
    List<NewChange> told =
        changes(
            orders(),
            Messages.orders('d'),
            Messages.insert("7", "tea"),
            Messages.message(
                Messages.letter('U'),
                Messages.int32(99),
                Messages.letter('N'),
                Messages.row("7", "\0u")),
            update('K', Messages.row("7", null), Messages.row("8/*", null)),
            Messages.message(
                Messages.letter('D'),
                Messages.int32(99),
                Messages.letter('K'),
                Messages.row("8", null)),
            Messages.message(
                Messages.letter('T'), Messages.int32(1), Messages.int8(0), Messages.int32(99)));
    assertThat(told.stream().map(one -> one.subject() + " " + one.type()).toList())
        .containsExactly(
            "table/shop.orders/7 table.inserted",
            "table/shop.orders/7 table.updated",
            "table/shop.orders/7 table.rekeyed",
            "table/shop.orders/8 table.deleted",
            "table/shop.orders table.truncated");
    assertThat(told.get(0).after().values()).containsEntry("id", 7L).containsEntry("note", "tea");
    // The note did not change, and its value is not known: it is left out.
    assertThat(told.get(1).after().values()).containsOnlyKeys("id");
    assertThat(told.get(1).before().isEmpty()).isTrue();
    assertThat(told.get(2).before().values()).containsOnlyKeys("id");
    assertThat(told.get(3).before().values()).containsOnlyKeys("id");
  }

  @Test
  void aWholeRowSaysWhatAnUpdateLeftOutAndWhichColumnsCount() {
    ByteBuffer other = update('O', Messages.row("7", "tea"), Messages.row("7", "\0u"));
    ByteBuffer note = update('O', Messages.row("7", "tea"), Messages.row("7", "rum"));
    List<NewChange> all = changes(orders(), Messages.orders('f'), other, note);
    assertThat(all).hasSize(2);
    assertThat(all.getFirst().after().values()).containsEntry("note", "tea");
    assertThat(all.getLast().before().values()).containsEntry("note", "tea");
    assertThat(all.getLast().subject()).hasToString("table/shop.orders/7");
    List<NewChange> chosen =
        changes(orders("note"), Messages.orders('f'), other.rewind(), note.rewind());
    assertThat(chosen).hasSize(1);
  }

  @Test
  void whatIsTooLongIsCutAndStillDiffers() {
    String long1 = "x".repeat(100_000) + "1";
    List<NewChange> told =
        changes(
            orders(),
            Messages.orders('f'),
            update('O', Messages.row("7", long1), Messages.row("7", "x".repeat(100_000) + "2")));
    String before = String.valueOf(told.getFirst().before().values().get("note"));
    assertThat(before).hasSizeLessThan(20_000).contains("… (100001 characters, SHA-256 ");
    assertThat(told.getFirst().after().values().get("note")).isNotEqualTo(before);
  }

  @Test
  void keysThatDifferNameRowsThatDiffer() {
    Set<String> names =
        Set.of(
            RowKey.of(List.of("a", "b")),
            RowKey.of(List.of("a/b")),
            RowKey.of(List.of("a", "")),
            RowKey.of(List.of("a")),
            RowKey.of(List.of("a*")),
            RowKey.of(List.of("a%2A")),
            RowKey.of(List.of("y".repeat(5_000))),
            RowKey.of(List.of("y".repeat(5_000) + "z")));
    assertThat(names).hasSize(8).allSatisfy(name -> assertThat(name).hasSizeLessThan(400));
  }

  @Test
  void aPlaceIsReadAsItIsWritten() {
    for (RowPlace place :
        List.of(
            RowPlace.at(0x2_16B3748L), RowPlace.at(-1), new RowPlace(5, 0xF_00000001L, 1_500))) {
      assertThat(RowPlace.parse(place.toString())).isEqualTo(place);
    }
    assertThat(RowPlace.at(0x2_016B3748L)).hasToString("2/16B3748");
    assertThatThrownBy(() -> RowPlace.parse("0/zz")).hasMessageContaining("expected one such as");
  }

  @Test
  void bytesCutAnywhereAreRefusedAndNothingElseIsThrown() {
    for (ByteBuffer whole :
        List.of(
            Messages.begin(9),
            Messages.commit(9),
            Messages.orders('d'),
            Messages.insert("1", "x"))) {
      for (int end = 0; end < whole.limit(); end++) {
        PgOutput reader = new PgOutput();
        var _ = reader.read(Messages.orders('d'));
        ByteBuffer cut = whole.duplicate().rewind().limit(end);
        assertThatThrownBy(() -> reader.read(cut)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  /**
   * What a server sends: transactions of these numbers of rows, from the first that is not over.
   */
  private static List<ByteBuffer> stream(List<Integer> sizes, long confirmed) {
    List<ByteBuffer> messages = new ArrayList<>();
    messages.add(Messages.orders('d'));
    int row = 0;
    for (int i = 0; i < sizes.size(); i++) {
      long commit = 1_000L * (i + 1);
      // As the server's rule is: what committed before the place that it was told is over.
      boolean sent = commit >= confirmed;
      if (sent) {
        messages.add(Messages.begin(commit));
      }
      for (int n = 0; n < sizes.get(i); n++) {
        row++;
        if (sent) {
          messages.add(Messages.insert(Integer.toString(row), "x"));
        }
      }
      if (sent) {
        messages.add(Messages.commit(commit + 16));
      }
    }
    return messages;
  }

  @Test
  void eachRowIsTakenOnceHoweverOftenTheStreamBreaksAndHoweverLittleTheServerHeard() {
    long seed = System.nanoTime();
    System.out.println("breaks of a stream from seed " + seed);
    Random random = new Random(seed);
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sizes.add(random.nextInt(10) == 0 ? 1_000 + random.nextInt(2_500) : random.nextInt(30));
    }
    int rows = sizes.stream().mapToInt(Integer::intValue).sum();
    List<Object> taken = new ArrayList<>();
    RowPlace place = RowPlace.at(1);
    long confirmed = 1;
    int breaks = 0;
    boolean over = false;
    while (!over) {
      PgOutput reader = new PgOutput();
      RowPage page = new RowPage(orders(), RowPlace.parse(place.toString()));
      List<ByteBuffer> messages = stream(sizes, confirmed);
      int until = breaks < 40 ? random.nextInt(messages.size()) : messages.size();
      for (ByteBuffer message : messages.subList(0, until)) {
        page.add(reader.read(message), message.limit());
        if (page.isFull() || (page.isDue() && random.nextInt(3) == 0)) {
          assertThat(page.from()).isEqualTo(place);
          page.changes().forEach(change -> taken.add(change.after().at("id")));
          place = page.to();
          if (random.nextBoolean()) {
            confirmed = place.end();
          }
          page.written();
        }
      }
      if (until == messages.size()) {
        page.changes().forEach(change -> taken.add(change.after().at("id")));
        over = true;
      }
      breaks++;
    }
    assertThat(taken).hasSize(rows).doesNotHaveDuplicates();
    assertThat(taken.getLast()).isEqualTo((long) rows);
  }
}
