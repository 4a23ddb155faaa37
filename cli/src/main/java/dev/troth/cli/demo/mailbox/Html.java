package dev.troth.cli.demo.mailbox;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text of others on a page of ours. */
final class Html {
  private static final Pattern LINK =
      Pattern.compile("http://(?:127\\.0\\.0\\.1|localhost):\\d+[^\\s&]*");

  private final StringBuilder page = new StringBuilder();

  /** A page that reloads itself, without scripts. */
  Html(String title, String intro) {
    page.append(
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta http-equiv="refresh" content="5">
        <title>%1$s</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 800px; margin: 0 auto; padding: 24px; }
        article { border-top: 1px solid #8886; padding: 16px 0; }
        h2 { font-size: 17px; margin: 0; overflow-wrap: anywhere; }
        p { margin: 4px 0; opacity: .75; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 8px 0 0; }
        </style>
        <h1>%1$s</h1>
        <p>%2$s</p>
        """
            .formatted(escaped(title), escaped(intro)));
  }

  /** Something that came, its links to this machine clickable. */
  Html article(String id, String title, String note, String text) {
    page.append("<article id=\"%s\"><h2>".formatted(escaped(id)))
        .append(escaped(title))
        .append("</h2><p>")
        .append(escaped(note))
        .append("</p><pre>")
        .append(linked(escaped(text)))
        .append("</pre></article>\n");
    return this;
  }

  String end() {
    return page.append("</html>\n").toString();
  }

  private static String linked(String escaped) {
    return LINK.matcher(escaped)
        .replaceAll(
            link -> Matcher.quoteReplacement("<a href=\"%1$s\">%1$s</a>".formatted(link.group())));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
