package dev.troth.server.group;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.watch.WatchBody;
import java.util.List;
import java.util.SortedSet;

/**
 * A group as clients see it.
 *
 * @param watches what is watched for each of its members
 */
public record GroupView(String name, SortedSet<String> members, List<Wish> watches) {

  /** What is told of a target. */
  public record Wish(@JsonUnwrapped WatchBody wish) {}
}
