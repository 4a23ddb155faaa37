package dev.troth.orders.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * An error as a problem document (RFC 9457); thrown by a route, it becomes the answer.
 *
 * <p>{@code errors} names each thing that is wrong, by JSON pointer; empty when there is just one.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final String detail;
  private final transient List<Violation> errors;

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private record Document(String title, int status, String detail, List<Violation> errors) {}

  /** One thing wrong in a document: where, and what was expected there. */
  public record Violation(String pointer, String detail) {}

  public Problem(int status, String title, String detail, List<Violation> errors) {
    super(title + ": " + detail, null, false, false);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.errors = List.copyOf(errors);
  }

  public Problem(int status, String title, String detail) {
    this(status, title, detail, List.of());
  }

  public int status() {
    return status;
  }

  public String detail() {
    return detail;
  }

  /** The answer that carries this problem. */
  public Reply reply() {
    Document document = new Document(title, status, detail, errors);
    return new Reply(status, "application/problem+json", Json.bytes(document), Map.of());
  }
}
