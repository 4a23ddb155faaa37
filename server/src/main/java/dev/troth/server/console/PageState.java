package dev.troth.server.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What islands of a page share: the members are those of the site's {@code model.ts}. Parts that a
 * page does not show are left out.
 *
 * @param epoch names the change log
 * @param rev the change log's last sequence number, read before everything else here, so that a
 *     change is at worst applied twice and never missed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PageState(
    String epoch,
    long rev,
    String now,
    Me me,
    Head head,
    @Nullable RecordState record,
    @Nullable List<InboxItem> inbox,
    @Nullable List<WatchItem> watches) {

  static PageState of(Feeds.Position position, Instant now, Me me, Head head) {
    return new PageState(
        position.epoch(), position.rev(), now.toString(), me, head, null, null, null);
  }

  PageState withRecord(RecordState record) {
    return new PageState(epoch, rev, now, me, head, record, inbox, watches);
  }

  PageState withInbox(List<InboxItem> inbox) {
    return new PageState(epoch, rev, now, me, head, record, inbox, watches);
  }

  PageState withWatches(List<WatchItem> watches) {
    return new PageState(epoch, rev, now, me, head, record, inbox, watches);
  }

  Instant instant() {
    return Instant.parse(now);
  }

  /** Who looks. */
  record Me(String subject, String role) {}

  /** What every page counts. */
  record Head(long unread, long watches, long burning) {}

  /**
   * A record as its page shows it.
   *
   * @param watch the caller's watch on it, or empty
   * @param changes newest first
   */
  record RecordState(
      String id,
      String name,
      String value,
      long version,
      String watch,
      List<RecordChange> changes) {
    static final int SHOWN_CHANGES = 20;

    static RecordState of(Doc record, String watch, List<Doc> changes) {
      return new RecordState(
          record.text("id"),
          record.text("name"),
          record.text("value"),
          record.whole("version"),
          watch,
          changes.stream().map(RecordChange::of).toList());
    }
  }

  record RecordChange(long seq, String actor, String before, String after, String at) {
    static RecordChange of(Doc change) {
      return new RecordChange(
          change.whole("seq"),
          change.text("actor"),
          change.at("before").text("value"),
          change.at("after").text("value"),
          change.text("at"));
    }
  }

  /**
   * A notification.
   *
   * @param reason why the caller was told
   * @param state {@code unread}, {@code read} or {@code done}
   */
  record InboxItem(
      String id,
      String subject,
      String reason,
      String title,
      String actor,
      String at,
      String state) {
    static InboxItem of(Doc item) {
      return new InboxItem(
          item.text("id"),
          item.text("subject"),
          item.text("reason"),
          item.text("title"),
          item.text("actor"),
          item.text("at"),
          item.text("state"));
    }
  }

  record WatchItem(String id, String target, String level, String since) {
    static WatchItem of(Doc watch) {
      return new WatchItem(
          watch.text("id"), watch.text("target"), watch.text("level"), watch.text("since"));
    }
  }
}
