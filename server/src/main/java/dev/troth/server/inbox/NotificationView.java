package dev.troth.server.inbox;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.change.ChangeView;
import dev.troth.watch.Reason;
import dev.troth.watch.change.Headline;

/**
 * A notification as clients and pages see it: the change, and why the user was told.
 *
 * @param id the sequence of the change, by which it is marked
 * @param title what happened, in one line
 * @param state what the user did to it
 * @param watch the id by which clients know the watch that told
 */
@JsonPropertyOrder({"id", "title", "reason", "state", "watch"})
public record NotificationView(
    String id,
    String title,
    Reason reason,
    Mark state,
    long watch,
    @JsonUnwrapped ChangeView change) {

  public static NotificationView of(InboxItem item) {
    return new NotificationView(
        Long.toString(item.change().seq()),
        Headline.of(item.change()),
        item.reason(),
        item.mark(),
        item.watch(),
        ChangeView.of(item.change()));
  }
}
