package dev.troth.gate.http;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.Reason;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests: {@code POST /validate}, {@code /auth} for proxies (Envoy ext_authz over HTTP,
 * nginx auth_request, Traefik forwardAuth), {@code POST /authorizer} for API Gateway, metrics and
 * health. Reuses its buffers; not thread-safe, a host has one for each thread.
 */
public final class GateService {
  private static final byte[] POST = Bytes.ascii("POST");
  private static final byte[] GET = Bytes.ascii("GET");
  private static final byte[] HEAD = Bytes.ascii("HEAD");
  private static final byte[] VALIDATE = Bytes.ascii("/validate");
  private static final byte[] AUTH = Bytes.ascii("/auth");
  private static final byte[] AUTHORIZER = Bytes.ascii("/authorizer");
  private static final byte[] METRICS = Bytes.ascii("/metrics");
  private static final byte[] HEALTHY = Bytes.ascii("/-/healthy");
  private static final byte[] READY = Bytes.ascii("/-/ready");
  private static final byte[] TOKEN = Bytes.ascii("token");
  private static final int MAX_VALUES = 512;
  private static final int MAX_DEPTH = 16;

  private final TokenChecker checker;
  private final ServiceSettings settings;
  private final PathRules rules;
  private final Operations operations;
  private final ProxyQuestion question;
  private final JsonTape tape = new JsonTape(MAX_VALUES, MAX_DEPTH, RequestHead.MAX_BODY_BYTES);

  /** What claims are parsed with: the same, until a longer token comes in a head. */
  private JsonTape claims = tape;

  private int claimsBytes = RequestHead.MAX_BODY_BYTES;
  private final Output body = new Output(512);
  private final LambdaAuthorizer lambda;

  /** What became of the last question of a proxy, until that is told or dropped. */
  private @Nullable Reason settled;

  /** What a host says of itself: it may have several services. */
  public interface Operations {
    void writeMetrics(Output out);

    /** Whether keys or revocations could not be read again and the former ones are in use. */
    boolean isDegraded();
  }

  public GateService(TokenChecker checker, ServiceSettings settings, Operations operations) {
    this.checker = checker;
    this.settings = settings;
    this.operations = operations;
    rules = settings.rules.copy();
    question = new ProxyQuestion(settings);
    lambda = new LambdaAuthorizer(checker, tape, rules);
  }

  /** A head that notes the fields which a service of these settings looks at. */
  public static RequestHead head(ServiceSettings settings) {
    return ProxyQuestion.head(settings);
  }

  /** Appends the response to a request whose body is {@code content[from, to)}. */
  public void answer(RequestHead head, byte[] content, int from, int to, Output out) {
    body.clear();
    if (head.isPath(VALIDATE)) {
      if (head.isMethod(POST)) {
        validate(head, content, from, to, out);
      } else {
        notAllowed(head, "POST", out);
      }
    } else if (head.isPath(AUTH) || head.isBelow(AUTH)) {
      authorize(head, out);
    } else if (head.isPath(AUTHORIZER)) {
      if (head.isMethod(POST)) {
        lambda.answer(content, from, to, body);
        json(head, "200 OK", "", out);
      } else {
        notAllowed(head, "POST", out);
      }
    } else if (head.isPath(METRICS) || head.isPath(HEALTHY) || head.isPath(READY)) {
      if (head.isMethod(GET) || head.isMethod(HEAD)) {
        operate(head, out);
      } else {
        notAllowed(head, "GET, HEAD", out);
      }
    } else {
      body.ascii("{\"valid\":false,\"error\":\"Not found\",\"reason\":\"not_found\"}");
      json(head, "404 Not Found", "", out);
    }
    tape.wipe();
    claims.wipe();
  }

  /** Appends the refusal of a request that could not be read; the connection then ends. */
  public void refuse(int status, Output out) {
    body.clear();
    String line =
        switch (status) {
          case 408 -> "408 Request Timeout";
          case 413 -> "413 Content Too Large";
          case 417 -> "417 Expectation Failed";
          case 431 -> "431 Request Header Fields Too Large";
          case 503 -> "503 Service Unavailable";
          case 501 -> "501 Not Implemented";
          case 505 -> "505 HTTP Version Not Supported";
          default -> "400 Bad Request";
        };
    body.ascii("{\"valid\":false,\"error\":\"").ascii(line.substring(4));
    body.ascii("\",\"reason\":\"request_refused\"}");
    out.ascii("HTTP/1.1 ").ascii(line).ascii("\r\nConnection: close\r\n");
    finish(true, "application/json", out);
  }

  private void validate(RequestHead head, byte[] content, int from, int to, Output out) {
    if (from == to) {
      verdictOnHeader(head, out);
      return;
    }
    if (tape.parse(content, from, to) != JsonTape.Outcome.OK) {
      verdict(head, Reason.TOKEN_MISSING, Reason.TOKEN_MISSING.wording(), out);
      return;
    }
    int token = tape.member(TOKEN);
    switch (tape.kind(token)) {
      case JsonTape.STRING -> {
        Reason reason = check(tape.text(), tape.start(token), tape.end(token));
        checker.forget();
        verdict(head, reason, reason.wording(), out);
      }
      case 0, JsonTape.NULL, JsonTape.FALSE ->
          verdict(head, Reason.TOKEN_MISSING, Reason.TOKEN_MISSING.wording(), out);
      default -> verdict(head, Reason.TOKEN_MALFORMED, "jwt must be a string", out);
    }
  }

  private void verdictOnHeader(RequestHead head, Output out) {
    int bearer = bearer(head);
    Reason reason =
        bearer < 0 ? Reason.TOKEN_MISSING : check(head.buffer(), bearer, head.authorizationTo());
    checker.forget();
    verdict(head, reason, reason.wording(), out);
  }

  private void verdict(RequestHead head, Reason reason, String wording, Output out) {
    if (reason == Reason.VALID) {
      body.ascii("{\"valid\":true}");
      json(head, "200 OK", "", out);
      return;
    }
    body.ascii("{\"valid\":false,\"error\":\"").ascii(wording);
    body.ascii("\",\"reason\":\"").ascii(reason.code()).ascii("\"}");
    if (reason == Reason.TOKEN_MISSING) {
      json(head, "400 Bad Request", "", out);
    } else {
      json(head, "401 Unauthorized", challenge(reason, wording), out);
    }
  }

  /** The proxies' question: 200 with the claims as headers, 401 or 403 (RFC 6750 §3). */
  private void authorize(RequestHead head, Output out) {
    question.read(head);
    if (!question.hasToken() && (question.isPreflight(head) || isOpen())) {
      out.ascii("HTTP/1.1 200 OK\r\n");
      settings.claimHeaders.writeNone(out);
      connection(head, out);
      finish(!head.isMethod(HEAD), "application/json", out);
      return;
    }
    Reason reason = check(question.buffer(), question.tokenFrom, question.tokenTo);
    if (reason == Reason.VALID) {
      reason = permitted();
    }
    settled = reason;
    if (reason == Reason.VALID) {
      out.ascii("HTTP/1.1 200 OK\r\n");
      settings.claimHeaders.write(claims, checker.payload(), out);
      connection(head, out);
      finish(!head.isMethod(HEAD), "application/json", out);
    } else {
      body.ascii("{\"valid\":false,\"error\":\"").ascii(reason.wording());
      body.ascii("\",\"reason\":\"").ascii(reason.code()).ascii("\"}");
      json(
          head,
          reason.isForbidden() ? "403 Forbidden" : "401 Unauthorized",
          challenge(reason, reason.wording()),
          out);
    }
    checker.forget();
  }

  /** What was asked for at which path, and what became of it by the rules for paths too. */
  public record Asked(Reason reason, String method, String path) {}

  /** The question that was answered last; null if it was told before, or had no path. */
  public @Nullable Asked asked() {
    Reason reason = settled;
    settled = null;
    if (reason == null) {
      return lambda.asked();
    }
    return new Asked(
        reason,
        text(question.buffer(), question.methodFrom, question.methodTo),
        text(question.path(), question.pathFrom, question.pathTo));
  }

  /** Nobody is told of the last question. */
  public void drop() {
    settled = null;
    lambda.drop();
  }

  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private boolean isOpen() {
    return rules.isOpen(
        question.buffer(),
        question.methodFrom,
        question.methodTo,
        question.path(),
        question.pathFrom,
        question.pathTo);
  }

  /** Reads the claims of the token that was found genuine and holds them against the rules. */
  private Reason permitted() {
    if (checker.payloadLength() > claimsBytes) {
      claimsBytes = checker.payloadLength();
      claims = new JsonTape(MAX_VALUES, MAX_DEPTH, claimsBytes);
    }
    if (claims.parse(checker.payload(), 0, checker.payloadLength()) != JsonTape.Outcome.OK) {
      return Reason.VALIDATOR_FAILED;
    }
    return rules.check(
        question.buffer(),
        question.methodFrom,
        question.methodTo,
        question.path(),
        question.pathFrom,
        question.pathTo,
        claims,
        checker.payload());
  }

  private void operate(RequestHead head, Output out) {
    if (head.isPath(METRICS)) {
      operations.writeMetrics(body);
      out.ascii("HTTP/1.1 200 OK\r\n");
      connection(head, out);
      finish(!head.isMethod(HEAD), "text/plain; version=0.0.4; charset=utf-8", out);
    } else {
      // Degraded is healthy: the former keys go on, and a restart would have none.
      body.ascii(
          operations.isDegraded()
              ? "{\"status\":\"degraded\",\"reason\":\"former_keys\"}"
              : "{\"status\":\"ok\"}");
      json(head, "200 OK", "", out);
    }
  }

  private void notAllowed(RequestHead head, String allowed, Output out) {
    body.ascii("{\"valid\":false,\"error\":\"Method not allowed\",");
    body.ascii("\"reason\":\"method_not_allowed\"}");
    json(head, "405 Method Not Allowed", "Allow: " + allowed + "\r\n", out);
  }

  private Reason check(byte[] token, int from, int to) {
    return to <= from ? Reason.TOKEN_MISSING : checker.check(token, from, to);
  }

  private static int bearer(RequestHead head) {
    return head.authorizations() != 1
        ? -1
        : Bearer.token(head.buffer(), head.authorizationFrom(), head.authorizationTo());
  }

  private static String challenge(Reason reason, String wording) {
    return reason == Reason.TOKEN_MISSING
        ? "WWW-Authenticate: Bearer realm=\"troth\"\r\n"
        : "WWW-Authenticate: Bearer realm=\"troth\", error=\""
            + (reason.isForbidden() ? "insufficient_scope" : "invalid_token")
            + "\", error_description=\""
            + wording
            + "\"\r\n";
  }

  private void json(RequestHead head, String status, String fields, Output out) {
    out.ascii("HTTP/1.1 ").ascii(status).ascii("\r\n").ascii(fields);
    connection(head, out);
    finish(!head.isMethod(HEAD), "application/json", out);
  }

  private static void connection(RequestHead head, Output out) {
    if (!head.isPersistent()) {
      out.ascii("Connection: close\r\n");
    }
  }

  private void finish(boolean withBody, String type, Output out) {
    out.ascii("Cache-Control: no-store\r\nContent-Type: ").ascii(type);
    out.ascii("\r\nContent-Length: ").number(body.length()).ascii("\r\n\r\n");
    if (withBody) {
      out.bytes(body.bytes(), 0, body.length());
    }
  }
}
