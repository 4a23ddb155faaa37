package dev.troth.server.web;

import dev.troth.server.web.Selector.Any;
import dev.troth.server.web.Selector.Complex;
import dev.troth.server.web.Selector.Link;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

/**
 * The elements of a page in its order, and which of them a selector chooses. Each part of a
 * selector is one pass over all elements, so no page makes one take long: 50,000 elements and a
 * selector of a hundred parts are some million steps.
 */
final class ElementTable {
  private static final int NONE = -1;

  private final List<Element> elements = new ArrayList<>();
  private final int[] parent;
  private final int[] before;
  private final int[] place;
  private final int[] fromEnd;
  private final int[] placeOfType;
  private final int[] fromEndOfType;

  ElementTable(Document page) {
    List<Integer> parents = new ArrayList<>();
    List<Element> path = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    page.traverse((node, _) -> {
      if (node instanceof Element element && !(element instanceof Document)) {
        while (!path.isEmpty() && path.getLast() != element.parent()) {
          path.removeLast();
          numbers.removeLast();
        }
        parents.add(numbers.isEmpty() ? NONE : numbers.getLast());
        path.add(element);
        numbers.add(elements.size());
        elements.add(element);
      }
    });
    int count = elements.size();
    parent = parents.stream().mapToInt(Integer::intValue).toArray();
    before = new int[count];
    place = new int[count];
    fromEnd = new int[count];
    placeOfType = new int[count];
    fromEndOfType = new int[count];
    Map<Integer, Integer> last = new HashMap<>();
    Map<Integer, Map<String, Integer>> types = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Integer previous = last.put(parent[i], i);
      before[i] = previous == null ? NONE : previous;
      place[i] = previous == null ? 1 : place[previous] + 1;
      placeOfType[i] = ordinal(types, i);
    }
    types.clear();
    Map<Integer, Integer> seen = new HashMap<>();
    for (int i = count - 1; i >= 0; i--) {
      fromEnd[i] = seen.merge(parent[i], 1, Integer::sum);
      fromEndOfType[i] = ordinal(types, i);
    }
  }

  private int ordinal(Map<Integer, Map<String, Integer>> types, int i) {
    return types
        .computeIfAbsent(parent[i], _ -> new HashMap<>())
        .merge(elements.get(i).normalName(), 1, Integer::sum);
  }

  /** The elements that a selector chooses, in the order of the page. */
  List<Element> chosen(Any selector) {
    return fitting(selector).stream().mapToObj(elements::get).toList();
  }

  private BitSet fitting(Any any) {
    BitSet fitting = new BitSet(elements.size());
    any.choices().forEach(choice -> fitting.or(fitting(choice)));
    return fitting;
  }

  /** From the left to the right: the elements at which a selector may have come so far. */
  private BitSet fitting(Complex complex) {
    BitSet reached = new BitSet();
    for (int k = 0; k < complex.links().size(); k++) {
      Link link = complex.links().get(k);
      BitSet fitting = fitting(link);
      if (k > 0) {
        fitting.and(related(reached, link.relation()));
      }
      reached = fitting;
    }
    return reached;
  }

  /** The elements that stand in a relation to one of these. */
  private BitSet related(BitSet from, Selector.Relation relation) {
    BitSet related = new BitSet(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      boolean stands =
          switch (relation) {
            case CHILD -> is(from, parent[i]);
            case DESCENDANT -> is(from, parent[i]) || is(related, parent[i]);
            case NEXT -> is(from, before[i]);
            case LATER -> is(from, before[i]) || is(related, before[i]);
          };
      related.set(i, stands);
    }
    return related;
  }

  /** The elements to which one of these stands in a relation. */
  private BitSet relatedTo(BitSet ends, Selector.Relation relation) {
    BitSet related = new BitSet(elements.size());
    for (int i = elements.size() - 1; i >= 0; i--) {
      boolean up = relation == Selector.Relation.CHILD || relation == Selector.Relation.DESCENDANT;
      boolean far = relation == Selector.Relation.DESCENDANT || relation == Selector.Relation.LATER;
      int other = up ? parent[i] : before[i];
      if (other != NONE && (ends.get(i) || (far && related.get(i)))) {
        related.set(other);
      }
    }
    return related;
  }

  private static boolean is(BitSet set, int element) {
    return element != NONE && set.get(element);
  }

  private BitSet fitting(Link link) {
    BitSet fitting = new BitSet(elements.size());
    fitting.set(0, elements.size());
    for (Selector test : link.tests()) {
      fitting.and(fitting(test));
    }
    return fitting;
  }

  private BitSet fitting(Selector test) {
    return switch (test) {
      case Selector.Is(Any choices, boolean not) -> {
        BitSet fitting = fitting(choices);
        if (not) {
          fitting.flip(0, elements.size());
        }
        yield fitting;
      }
      case Selector.Has(Any choices) -> {
        BitSet fitting = new BitSet(elements.size());
        choices.choices().forEach(choice -> fitting.or(having(choice)));
        yield fitting;
      }
      case Selector.Tag _,
          Selector.Attribute _,
          Selector.Nth _,
          Selector.Root _,
          Selector.Empty _ -> {
        BitSet fitting = new BitSet(elements.size());
        for (int i = 0; i < elements.size(); i++) {
          fitting.set(i, fits(test, i));
        }
        yield fitting;
      }
    };
  }

  /** From the right to the left: the elements that have what stands behind them. */
  private BitSet having(Complex relative) {
    BitSet ends = new BitSet();
    for (int k = relative.links().size() - 1; k >= 0; k--) {
      Link link = relative.links().get(k);
      BitSet fitting = fitting(link);
      if (k < relative.links().size() - 1) {
        fitting.and(ends);
      }
      ends = relatedTo(fitting, link.relation());
    }
    return ends;
  }

  private boolean fits(Selector test, int i) {
    Element element = elements.get(i);
    return switch (test) {
      case Selector.Tag(String name) -> element.normalName().equals(name);
      case Selector.Attribute attribute ->
          element.attributes().hasKeyIgnoreCase(attribute.name())
              && attribute.fits(
                  element.attributes().getIgnoreCase(attribute.name()), isHtml(element));
      case Selector.Nth nth ->
          nth.fits(
              nth.ofType()
                  ? (nth.fromEnd() ? fromEndOfType[i] : placeOfType[i])
                  : (nth.fromEnd() ? fromEnd[i] : place[i]));
      case Selector.Root _ -> parent[i] == NONE;
      case Selector.Empty _ -> element.childNodes().stream().noneMatch(ElementTable::isContent);
      case Selector.Is _, Selector.Has _ ->
          throw new IllegalStateException("these are sets, not tests of one element");
    };
  }

  private static boolean isHtml(Element element) {
    return element.tag().namespace().equals(Parser.NamespaceHtml);
  }

  /** As browsers have it, a blank is content. */
  private static boolean isContent(Node node) {
    return switch (node) {
      case Element _ -> true;
      case TextNode text -> !text.getWholeText().isEmpty();
      // Of scripts and styles.
      case DataNode data -> !data.getWholeData().isEmpty();
      default -> false;
    };
  }
}
