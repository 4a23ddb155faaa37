package dev.troth.server.console.figure;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A directed graph laid out in columns: who is called stands to the right of who calls, as far as
 * there are no circles.
 */
public record Layers(Map<String, Place> places, int width, int height) {
  private static final int BOX_WIDTH = 200;
  private static final int BOX_HEIGHT = 56;
  private static final int ACROSS = 280;
  private static final int DOWN = 88;
  private static final int MARGIN = 24;

  /** The upper left corner of a box. */
  public record Place(int x, int y) {}

  /** An arrow. */
  public record Way(String from, String to) {}

  public Layers {
    places = Map.copyOf(places);
  }

  /** Lays out names and the arrows between them. */
  public static Layers of(List<String> names, List<Way> ways) {
    Map<String, Integer> columns = new LinkedHashMap<>();
    names.forEach(name -> columns.put(name, 0));
    // A longest way has fewer arrows than there are names; what is in a circle stops there.
    for (int round = 1; round < names.size(); round++) {
      boolean moved = false;
      for (Way way : ways) {
        int next = columns.getOrDefault(way.from(), 0) + 1;
        if (next < names.size() && next > columns.getOrDefault(way.to(), 0) && next <= round) {
          columns.put(way.to(), next);
          moved = true;
        }
      }
      if (!moved) {
        break;
      }
    }
    List<Integer> used = columns.values().stream().distinct().sorted().toList();
    Map<Integer, Integer> filled = new HashMap<>();
    Map<String, Place> places = new LinkedHashMap<>();
    int rows = 1;
    for (String name : names) {
      // Circles push each other on; columns that nobody stands in are left out.
      int column = used.indexOf(columns.getOrDefault(name, 0));
      int row = filled.merge(column, 1, Integer::sum);
      rows = Math.max(rows, row);
      places.put(name, new Place(MARGIN + column * ACROSS, MARGIN + (row - 1) * DOWN));
    }
    return new Layers(
        places,
        2 * MARGIN + Math.max(0, used.size() - 1) * ACROSS + BOX_WIDTH,
        2 * MARGIN + (rows - 1) * DOWN + BOX_HEIGHT);
  }

  public boolean has(String name) {
    return places.containsKey(name);
  }

  public Place at(String name) {
    return places.getOrDefault(name, new Place(0, 0));
  }

  /** The line from one box to another, as the data of an SVG path. */
  public String path(String from, String to) {
    Place a = at(from);
    Place b = at(to);
    int ay = a.y() + BOX_HEIGHT / 2;
    int by = b.y() + BOX_HEIGHT / 2;
    if (b.x() > a.x()) {
      int ax = a.x() + BOX_WIDTH;
      int middle = (ax + b.x()) / 2;
      return "M%d %dC%d %d %d %d %d %d".formatted(ax, ay, middle, ay, middle, by, b.x(), by);
    }
    // Back, or down in the same column: below the boxes.
    int low = Math.max(a.y(), b.y()) + BOX_HEIGHT + 20;
    int ax = a.x() + BOX_WIDTH / 2;
    int bx = b.x() + BOX_WIDTH / 2;
    return "M%d %dC%d %d %d %d %d %d"
        .formatted(ax, a.y() + BOX_HEIGHT, ax, low, bx, low, bx, b.y() + BOX_HEIGHT);
  }
}
