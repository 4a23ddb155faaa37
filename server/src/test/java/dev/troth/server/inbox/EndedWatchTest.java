package dev.troth.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.db.Parts;
import dev.troth.server.delivery.DeliveryStore;
import dev.troth.server.delivery.Pickup;
import dev.troth.server.delivery.SqliteFanOutStore;
import dev.troth.server.delivery.Wakeup;
import dev.troth.server.terms.TermsStore;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Subject;
import dev.troth.watch.fanout.FanOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watch that was ended after a change, and before anybody was told of it. */
final class EndedWatchTest {
  private static final Subject RECORD = new Subject("record", "1");

  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  private long watch(String target, String level) {
    String wish =
        "{\"user\":\"ann\",\"target\":\"%s\",\"level\":\"%s\",\"channels\":[\"console\"]}"
            .formatted(target, level);
    return platform.post("/api/watches", wish).json().path("id").asLong();
  }

  /** Who is told of the record's change on a channel, target after target, if it is told now. */
  private List<String> told(long seq) {
    Visibility visibility =
        new Visibility(
            Map.of(), (handle, subject) -> Optional.empty(), (handle, user) -> Role.READER);
    SqliteFanOutStore fanOuts =
        new SqliteFanOutStore(
            platform.database(),
            new ChangeFeed(),
            new Wakeup(),
            visibility,
            new Parts(platform.database(), "watch"),
            new Pickup(
                new TermsStore(),
                new DeliveryStore(visibility, any -> Optional.empty()),
                Map.of(),
                platform.clock()));
    FanOut position = FanOut.start(seq, RECORD, Long.MAX_VALUE);
    List<Watch> told = new ArrayList<>();
    for (; !position.isDone(); position = position.nextTarget()) {
      FanOut here = position;
      told.addAll(fanOuts.look(reads -> reads.audience(here, 10)));
    }
    return told.stream().map(watch -> watch.target().toString()).toList();
  }

  @Test
  void anIgnoreThatStoodWhenTheChangeWasMadeSilencesItOnEveryChannelAsItDoesInTheInbox() {
    long collection = watch("record/*", "all");
    assertThat(collection).isPositive();
    long ignore = watch("record/1", "ignore");
    assertThat(platform.post("/api/update/1", "{\"value\":\"a\"}").status()).isEqualTo(200);
    assertThat(told(1)).as("while the ignoring watch stands").isEmpty();

    assertThat(platform.delete("/api/watches/" + ignore).status()).isEqualTo(200);
    assertThat(told(1)).as("after it was ended").isEmpty();
    assertThat(platform.get("/api/inbox?user=ann").json().path("items")).isEmpty();
  }

  @Test
  void aWatchThatWasEndedIsNotSentTheChangeEitherAndNobodySpeaksInItsPlace() {
    long collection = watch("record/*", "all");
    long one = watch("record/1", "all");
    assertThat(platform.post("/api/update/1", "{\"value\":\"a\"}").status()).isEqualTo(200);
    assertThat(told(1)).containsExactly("record/1");
    assertThat(platform.delete("/api/watches/" + one).status()).isEqualTo(200);
    assertThat(told(1)).isEmpty();
    assertThat(collection).isNotEqualTo(one);
  }
}
