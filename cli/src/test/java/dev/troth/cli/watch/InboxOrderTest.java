package dev.troth.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.command.ApiClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class InboxOrderTest {
  @Test
  void whatIsUrgentStandsOnceAboveWhatIsNewer() {
    String answer =
        """
        {"unread": 3,
         "urgent": [{"id": "2", "state": "unread", "at": "2026-03-01T12:00:00Z",
           "reason": "collection", "title": "orders: alert fired", "critical": true}],
         "items": [
           {"id": "9", "state": "unread", "at": "2026-03-01T12:05:00Z", "reason": "collection",
            "title": "order/9: order placed"},
           {"id": "2", "state": "unread", "at": "2026-03-01T12:00:00Z", "reason": "collection",
            "title": "orders: alert fired", "critical": true},
           {"id": "1", "state": "read", "at": "2026-03-01T11:00:00Z", "reason": "collection",
            "title": "order/1: order placed"}]}
        """;
    WatchAnswers.Inbox inbox =
        new ApiClient.Answer(200, JsonMapper.shared().readTree(answer))
            .as(WatchAnswers.Inbox.class);
    assertThat(inbox.all())
        .extracting(Object::toString)
        .containsExactly(
            "!      2  2026-03-01 12:00:00 collection     orders: alert fired",
            "*      9  2026-03-01 12:05:00 collection     order/9: order placed",
            "       1  2026-03-01 11:00:00 collection     order/1: order placed");
    assertThat(inbox.newest()).contains("9");
  }
}
