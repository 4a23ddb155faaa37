package dev.troth.server.feed;

import dev.troth.server.change.ChangeView;
import dev.troth.server.endpoint.Links;
import dev.troth.server.inbox.NotificationView;
import dev.troth.watch.change.PlainText;
import dev.troth.watch.change.Subject;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** Notifications as an Atom feed (RFC 4287). All texts are plain, so nothing in them is markup. */
final class AtomWriter {
  private static final String NAMESPACE = "http://www.w3.org/2005/Atom";
  private static final int LONGEST_VALUE = 300;
  private static final int MOST_FIELDS = 20;

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;
  private final Links links;

  private AtomWriter(Links links) throws XMLStreamException {
    this.links = links;
    this.xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
  }

  static String write(FeedView feed, List<NotificationView> items, Links links) {
    try {
      AtomWriter writer = new AtomWriter(links);
      writer.feed(feed, items);
      return writer.text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a feed in memory could not be written", e);
    }
  }

  private void feed(FeedView feed, List<NotificationView> items) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.setDefaultNamespace(NAMESPACE);
    xml.writeStartElement("feed");
    xml.writeDefaultNamespace(NAMESPACE);
    // The link changes when it is rotated, the feed stays the same one.
    element("id", uuid("feed\n" + feed.user()));
    element("title", "Troth for " + feed.user());
    Instant updated = items.isEmpty() ? feed.since() : items.getFirst().change().at();
    element("updated", updated.toString());
    link("self", feed.url().toString());
    element("generator", "Troth");
    for (NotificationView item : items) {
      entry(feed.user(), item);
    }
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void entry(String user, NotificationView item) throws XMLStreamException {
    ChangeView change = item.change();
    xml.writeStartElement("entry");
    element(
        "id", uuid("%s\n%d\n%s\n%s".formatted(user, change.seq(), change.at(), change.subject())));
    element("title", item.title());
    element("updated", change.at().toString());
    xml.writeStartElement("author");
    element("name", change.actor());
    xml.writeEndElement();
    link("alternate", links.open(Subject.parse(change.subject())).toString());
    xml.writeEmptyElement("category");
    xml.writeAttribute("term", clean(change.type()));
    xml.writeStartElement("content");
    xml.writeAttribute("type", "text");
    xml.writeCharacters(clean(content(item)));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private void element(String name, String value) throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(clean(value));
    xml.writeEndElement();
  }

  private void link(String relation, String address) throws XMLStreamException {
    xml.writeEmptyElement("link");
    xml.writeAttribute("rel", relation);
    xml.writeAttribute("href", address);
  }

  private static String content(NotificationView item) {
    ChangeView change = item.change();
    StringBuilder lines = new StringBuilder();
    lines.append(
        "%s version %d, %s by %s, told because of your watch (%s)"
            .formatted(
                change.subject(), change.version(), change.type(), change.actor(), item.reason()));
    change.changed().stream()
        .limit(MOST_FIELDS)
        .forEach(
            field -> lines.append('\n').append(field).append(": ").append(values(change, field)));
    return lines.toString();
  }

  private static String values(ChangeView change, String field) {
    Object before = value(change.before(), field);
    String after = shown(value(change.after(), field));
    return before == null ? after : shown(before) + " → " + after;
  }

  private static @Nullable Object value(
      @Nullable Map<String, @Nullable Object> fields, String field) {
    return fields == null ? null : fields.get(field);
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "none" : PlainText.brief(value.toString(), LONGEST_VALUE);
  }

  private static String uuid(String name) {
    return "urn:uuid:" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Without what XML 1.0 cannot say (§2.2). */
  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .filter(c ->
            c == '\n'
                || c == '\t'
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
