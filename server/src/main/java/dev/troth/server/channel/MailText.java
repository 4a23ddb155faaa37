package dev.troth.server.channel;

import dev.troth.server.channel.Letter.Told.Line;
import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The words of an e-mail, as plain text and as HTML. */
final class MailText {
  private static final String TEST = "This is a test that you asked for. The address works.";

  private MailText() {}

  private static String asked(Letter.Confirmation confirmation) {
    return "%s wants to receive notifications at this address. To agree, open this link before %s:"
        .formatted(confirmation.user(), confirmation.until().truncatedTo(ChronoUnit.MINUTES));
  }

  private static final String NOT_YOU =
      "If that is not you, do nothing: nothing else is sent to this address.";

  static String plain(Letter letter) {
    StringBuilder text = new StringBuilder();
    switch (letter) {
      case Letter.Test _ -> text.append(TEST).append('\n');
      case Letter.Confirmation confirmation ->
          text.append(asked(confirmation))
              .append("\n\n")
              .append(confirmation.link())
              .append("\n\n")
              .append(NOT_YOU)
              .append('\n');
      case Letter.Several several -> {
        text.append(several.title()).append("\n\n");
        several.lines().forEach(line -> add(text, line));
        text.append("\nOpen the inbox: ").append(several.open());
        text.append("\n\nHow much you are sent: ").append(several.settings());
        text.append("\nNo more e-mail at all: ").append(several.stop()).append('\n');
      }
      case Letter.Told told -> {
        text.append(told.title()).append("\n\n");
        told.facts().forEach(fact -> add(text, fact));
        if (!told.fields().isEmpty()) {
          text.append('\n');
          told.fields().forEach(field -> add(text, field));
        }
        text.append("\nOpen it: ").append(told.open());
        text.append("\n\nNo more e-mail about this: ").append(told.stop()).append('\n');
      }
    }
    return text.toString();
  }

  private static void add(StringBuilder text, Line line) {
    text.append(line.name()).append(": ").append(line.value()).append('\n');
  }

  static String html(Letter letter) {
    String body =
        switch (letter) {
          case Letter.Test _ -> paragraph(TEST);
          case Letter.Confirmation confirmation ->
              paragraph(asked(confirmation))
                  + "<p>"
                  + link(confirmation.link(), "Confirm this address")
                  + "</p>"
                  + paragraph(NOT_YOU);
          case Letter.Several several ->
              table(several.lines())
                  + "<p>"
                  + link(several.open(), "Open the inbox")
                  + "</p><p style=\"font-size:smaller\">"
                  + link(several.settings(), "How much you are sent")
                  + " · "
                  + link(several.stop(), "No more e-mail at all")
                  + "</p>";
          case Letter.Told told ->
              table(told.facts())
                  + table(told.fields())
                  + "<p>"
                  + link(told.open(), "Open it")
                  + "</p><p style=\"font-size:smaller\">"
                  + link(told.stop(), "No more e-mail about this")
                  + "</p>";
        };
    return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>%1$s</title>"
            .formatted(escaped(letter.title()))
        + "<body style=\"font-family:sans-serif\"><h1 style=\"font-size:1.2em\">"
        + escaped(letter.title())
        + "</h1>"
        + body
        + "</body></html>";
  }

  private static String table(List<Line> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    StringBuilder table = new StringBuilder("<table cellpadding=\"4\">");
    for (Line line : lines) {
      table
          .append("<tr><th align=\"left\">")
          .append(escaped(line.name()))
          .append("</th><td>")
          .append(escaped(line.value()))
          .append("</td></tr>");
    }
    return table.append("</table>").toString();
  }

  private static String paragraph(String text) {
    return "<p>" + escaped(text) + "</p>";
  }

  private static String link(URI to, String text) {
    return "<a href=\"" + escaped(to.toString()) + "\">" + escaped(text) + "</a>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
