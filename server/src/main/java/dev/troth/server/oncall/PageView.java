package dev.troth.server.oncall;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.oncall.OncallStore.Page;
import dev.troth.server.oncall.OncallStore.State;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page as clients see it.
 *
 * @param subject what it is about
 * @param change the change that began it
 * @param to who was paged last; null before the first
 * @param pagedAt when that was
 * @param next when the next in line is paged; null if nobody will be
 * @param acknowledgedBy null while nobody has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PageView(
    long id,
    String escalation,
    String subject,
    String title,
    State state,
    long change,
    Instant openedAt,
    List<String> line,
    @Nullable String to,
    @Nullable Instant pagedAt,
    @Nullable Instant next,
    @Nullable String acknowledgedBy) {

  static PageView of(Page page) {
    boolean goesOn = page.state() == State.OPEN && page.step() + 1 < page.line().size();
    return new PageView(
        page.id(),
        page.escalation(),
        page.subject(),
        page.title(),
        page.state(),
        page.changeSeq(),
        page.openedAt(),
        page.line(),
        page.step() < 0 ? null : page.line().get(page.step()),
        page.pagedAt().equals(Instant.EPOCH) ? null : page.pagedAt(),
        goesOn ? page.due() : null,
        page.acknowledgedBy().isEmpty() ? null : page.acknowledgedBy());
  }
}
