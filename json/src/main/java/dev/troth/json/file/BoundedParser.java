package dev.troth.json.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Ends a document that nests too deep, or that refers to what it stands in: what composes it goes
 * down level by level, and would never come back from a mapping that merges itself.
 */
final class BoundedParser implements Parser {
  private final Parser parser;
  private final int deepest;
  private final Deque<Optional<Anchor>> open = new ArrayDeque<>();

  BoundedParser(Parser parser, int deepest) {
    this.parser = parser;
    this.deepest = deepest;
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  @Override
  public Event next() {
    Event event = parser.next();
    switch (event) {
      case CollectionStartEvent start -> {
        open.push(start.getAnchor());
        if (open.size() > deepest) {
          throw new ParserException(
              "the file nests deeper than %d levels".formatted(deepest), event.getStartMark());
        }
      }
      case CollectionEndEvent _ -> open.pop();
      case AliasEvent alias -> {
        if (open.contains(Optional.of(alias.getAlias()))) {
          throw new ParserException(
              "*%s refers to what it stands in".formatted(alias.getAlias().getValue()),
              event.getStartMark());
        }
      }
      default -> {}
    }
    return event;
  }
}
