package dev.troth.cli.demo.story;

import java.io.PrintWriter;

/** What the story says: numbered steps, each with its room, a link, and lines below it. */
final class Narration {
  private final PrintWriter out;
  private int step;

  Narration(PrintWriter out) {
    this.out = out;
  }

  void step(String room, String what, String link) {
    step++;
    out.printf("%n%2d  %-9s %s%n    %s%n", step, room, what, link);
    out.flush();
  }

  void line(String text) {
    out.println("      " + text);
    out.flush();
  }
}
