package dev.troth.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** What RFC 4287 says that every feed and entry must have, and may have once alone. */
final class AtomRules {
  private static final String NAMESPACE = "http://www.w3.org/2005/Atom";
  private static final Set<String> FEED =
      Set.of("id", "title", "updated", "link", "generator", "entry");
  private static final Set<String> ENTRY =
      Set.of("id", "title", "updated", "author", "link", "category", "content");

  private AtomRules() {}

  /** The entries of a feed that keeps the rules. */
  static List<Element> check(String text) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Element feed =
        factory
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(text)))
            .getDocumentElement();
    assertThat(feed.getNamespaceURI()).isEqualTo(NAMESPACE);
    assertThat(feed.getLocalName()).isEqualTo("feed");
    container(feed, FEED);
    assertThat(links(feed, "self")).hasSize(1);
    List<Element> entries = children(feed, "entry");
    Set<String> ids = new HashSet<>();
    for (Element entry : entries) {
      container(entry, ENTRY);
      assertThat(ids.add(only(entry, "id"))).as("the id of an entry is its own").isTrue();
      // §4.1.2: each entry has an author unless its feed has; with no alternate link, content.
      assertThat(children(entry, "author")).hasSize(1);
      assertThat(only(children(entry, "author").getFirst(), "name")).isNotBlank();
      assertThat(children(entry, "content")).hasSize(1);
      assertThat(links(entry, "alternate")).hasSizeLessThanOrEqualTo(1);
      for (Element category : children(entry, "category")) {
        assertThat(category.getAttribute("term")).isNotBlank();
      }
    }
    return entries;
  }

  private static void container(Element element, Set<String> known) {
    for (Element child : children(element)) {
      assertThat(child.getNamespaceURI()).isEqualTo(NAMESPACE);
      assertThat(child.getLocalName()).isIn(known);
    }
    assertThat(URI.create(only(element, "id")).isAbsolute()).isTrue();
    assertThat(OffsetDateTime.parse(only(element, "updated"))).isNotNull();
    assertThat(only(element, "title")).isNotBlank();
    for (Element link : children(element, "link")) {
      assertThat(URI.create(link.getAttribute("href")).isAbsolute()).isTrue();
    }
  }

  private static List<Element> links(Element element, String relation) {
    return children(element, "link").stream()
        .filter(link -> link.getAttribute("rel").equals(relation))
        .toList();
  }

  static String only(Element element, String name) {
    List<Element> found = children(element, name);
    assertThat(found).as(name).hasSize(1);
    return found.getFirst().getTextContent();
  }

  private static List<Element> children(Element element, String name) {
    return children(element).stream().filter(one -> one.getLocalName().equals(name)).toList();
  }

  private static List<Element> children(Element element) {
    List<Element> found = new ArrayList<>();
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element one) {
        found.add(one);
      }
    }
    return found;
  }
}
