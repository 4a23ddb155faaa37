package dev.troth.observe.span;

import dev.troth.observe.exchange.Header;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which header fields are put on spans. Values are hidden unless the field is among those to show.
 *
 * @param request lower-case names of request fields
 * @param response lower-case names of response fields
 * @param shown lower-case names of fields whose values may be seen
 */
public record CapturedHeaders(Set<String> request, Set<String> response, Set<String> shown) {
  public static final CapturedHeaders NONE = new CapturedHeaders(Set.of(), Set.of(), Set.of());

  private static final String HIDDEN = "***";

  public CapturedHeaders {
    request = Set.copyOf(request);
    response = Set.copyOf(response);
    shown = Set.copyOf(shown);
  }

  /** All fields that the parser has to keep. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>(request);
    names.addAll(response);
    names.add(HttpAttributes.FAILED_ENTRIES);
    return names;
  }

  void addRequest(List<Attribute> attributes, List<Header> headers) {
    add(attributes, headers, request, "http.request.header.");
  }

  void addResponse(List<Attribute> attributes, List<Header> headers) {
    add(attributes, headers, response, "http.response.header.");
  }

  private void add(
      List<Attribute> attributes, List<Header> headers, Set<String> names, String prefix) {
    if (names.isEmpty()) {
      return;
    }
    for (Header header : headers) {
      if (names.contains(header.name())) {
        String value = shown.contains(header.name()) ? header.value() : HIDDEN;
        attributes.add(Attribute.of(prefix + header.name(), List.of(value)));
      }
    }
  }
}
