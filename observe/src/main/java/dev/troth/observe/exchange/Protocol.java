package dev.troth.observe.exchange;

import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import dev.troth.observe.stream.Signature;
import java.util.List;
import java.util.Optional;

/**
 * One protocol: how its conversations begin, and who reads them. A protocol is a package and a line
 * in {@code agent.Protocols}.
 */
public interface Protocol {
  /** Its name for people. */
  String name();

  /**
   * The first bytes of messages with which a conversation can be taken up, for the filter in the
   * kernel. It may let too much pass; {@link #recognise} decides.
   */
  List<Signature> signatures();

  /**
   * Which part the watched process has, if this segment, the first one that is looked at, is of
   * this protocol; empty if it is not, or if that cannot be told yet.
   */
  Optional<Role> recognise(Segment segment);

  /** Takes up a conversation; the segment that was recognised is the first that it gets. */
  Conversation open(Role role, Exchanges exchanges);
}
