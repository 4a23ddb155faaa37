package dev.troth.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.watch.delivery.Pace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many attempts may be under way to whom. */
class UnderWayTest {
  private final UnderWay underWay = new UnderWay();

  private static Receiver webhook(String user) {
    return new Receiver(user, "webhook");
  }

  /** Begins as many as there is room for; returns how many. */
  private int fill(Receiver receiver) {
    int room = underWay.room(receiver, Pace.FREE);
    for (int i = 0; i < room; i++) {
      underWay.begin(receiver);
    }
    return room;
  }

  /** Makes a receiver known as one that takes everything at once. */
  private void praise(Receiver receiver, int times) {
    for (int i = 0; i < times; i++) {
      underWay.begin(receiver);
      underWay.end(receiver, true);
    }
  }

  @Test
  void theGuideNamesHowManyMayBeMadeAgain() throws IOException {
    int begun = 0;
    for (int i = 0; i < 200; i++) {
      Receiver one = webhook("user-" + i);
      praise(one, 40);
      begun += fill(one);
    }
    assertThat(begun).isEqualTo(UnderWay.MOST_AT_ONCE);
    assertThat(Path.of(System.getProperty("troth.root", "..")).resolve("docs/platform.md"))
        .content()
        .contains("and the %d deliveries that were under way".formatted(begun));
  }

  @Test
  void aReceiverHasFourUntilItTakesThemAtOnceAndThenOneMoreForEach() {
    Receiver ann = webhook("ann");
    assertThat(fill(ann)).isEqualTo(4);
    assertThat(underWay.room(ann, Pace.FREE)).isZero();
    underWay.end(ann, true);
    assertThat(fill(ann)).as("the one that ended, and one more").isEqualTo(2);
    assertThat(underWay.to(ann)).isEqualTo(5);
  }

  @Test
  void oneThatDoesNotTakeItAtOnceHasFourAgain() {
    Receiver ann = webhook("ann");
    praise(ann, 20);
    assertThat(fill(ann)).isEqualTo(24);
    underWay.end(ann, false);
    assertThat(underWay.room(ann, Pace.FREE)).isZero();
    for (int i = 0; i < 22; i++) {
      underWay.end(ann, false);
    }
    assertThat(fill(ann)).as("beside the last of the many").isEqualTo(3);
  }

  @Test
  void whatQuickReceiversHaveBeyondTheirFourTakesNothingFromTheFourOfOthers() {
    for (int i = 0; i < 8; i++) {
      praise(webhook("quick" + i), 100);
      int room = fill(webhook("quick" + i));
      assertThat(room).isEqualTo(i == 0 ? 36 : 4);
    }
    for (int i = 0; i < 8; i++) {
      assertThat(fill(webhook("other" + i))).isEqualTo(4);
    }
    assertThat(underWay.isFull()).isTrue();
    assertThat(fill(webhook("last"))).isZero();
  }

  @Test
  void ofOneUsersAddressesThatTakeTimeAQuarterOfAllIsUnderWay() {
    int begun = 0;
    for (int i = 0; i < 10; i++) {
      begun += fill(new Receiver("ann", "webhook/a" + i));
    }
    assertThat(begun).isEqualTo(16);
    assertThat(fill(webhook("bob"))).isEqualTo(4);
  }

  @Test
  void aChannelsPaceBoundsQuickReceiversToo() {
    Receiver ann = new Receiver("ann", "email");
    praise(ann, 100);
    assertThat(underWay.room(ann, new Pace(8, Duration.ZERO))).as("of one user").isEqualTo(2);
    assertThat(underWay.room(ann, new Pace(400, Duration.ZERO))).isEqualTo(36);
  }

  @Test
  void aPlanLeavesWhatIsUnderWayAsItIs() {
    underWay.copy().begin(webhook("ann"));
    assertThat(underWay.to(webhook("ann"))).isZero();
  }
}
