package dev.troth.server.subject;

import dev.troth.server.change.ChangeView;
import java.time.Instant;
import java.util.List;

/**
 * What changed around a time, rare things first: what happens all the time explains nothing.
 *
 * @param from how far back was looked
 */
public record NearChanges(List<Group> groups, Instant from) {
  /**
   * Changes of one kind of subject and of one type.
   *
   * @param newest the last of them
   */
  public record Group(ChangeView newest, int count) {}
}
