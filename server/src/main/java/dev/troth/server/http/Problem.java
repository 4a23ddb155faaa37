package dev.troth.server.http;

import dev.troth.server.error.DomainException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A problem document (RFC 9457): what went wrong, as a client sees it.
 *
 * <pre>{@code
 * throw Problem.badRequest("price is 'x', expected a number").toException();
 * }</pre>
 *
 * @param status the HTTP status, 400 to 599
 * @param title what kind of problem it is; the same for each occurrence
 * @param detail this occurrence: the thing, its value and what was expected
 * @param more further members of the document
 */
public record Problem(int status, String title, String detail, Map<String, Object> more) {

  public Problem {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status is " + status + ", expected 400 to 599");
    }
    more = Map.copyOf(more);
  }

  public static Problem of(int status, String detail) {
    return new Problem(status, titleOf(status), detail, Map.of());
  }

  /** The problem document of what a service refuses. */
  public static Problem of(DomainException refusal) {
    int status =
        switch (refusal) {
          case DomainException.NotFound _ -> 404;
          case DomainException.Invalid _ -> 422;
          case DomainException.Conflict _ -> 409;
          case DomainException.Forbidden _ -> 403;
          case DomainException.TooMany _ -> 429;
        };
    return of(status, refusal.detail());
  }

  public static Problem badRequest(String detail) {
    return of(400, detail);
  }

  public static Problem forbidden(String detail) {
    return of(403, detail);
  }

  public static Problem notFound(String detail) {
    return of(404, detail);
  }

  public static Problem conflict(String detail) {
    return of(409, detail);
  }

  public static Problem unprocessable(String detail) {
    return of(422, detail);
  }

  /** The same problem with one more member. */
  public Problem with(String name, Object value) {
    Map<String, Object> members = new LinkedHashMap<>(more);
    members.put(name, value);
    return new Problem(status, title, detail, members);
  }

  /** The exception that ends a request with this document. */
  public ProblemException toException() {
    return new ProblemException(this);
  }

  /** The members in the order in which they are written. */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "about:blank");
    members.put("title", title);
    members.put("status", status);
    members.put("detail", detail);
    members.putAll(more);
    return members;
  }

  private static String titleOf(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 421 -> "Misdirected Request";
      case 422 -> "Unprocessable Content";
      case 428 -> "Precondition Required";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> status < 500 ? "Request Failed" : "Server Failed";
    };
  }
}
