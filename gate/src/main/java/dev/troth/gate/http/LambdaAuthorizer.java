package dev.troth.gate.http;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Answers the events that API Gateway sends to its Lambda authorizers: payload 2.0 in the simple
 * format, payload 1.0 (types {@code TOKEN} and {@code REQUEST}) with a policy. Reuses the service's
 * buffers; not thread-safe.
 */
final class LambdaAuthorizer {
  private static final byte[] METHOD_ARN = Bytes.ascii("methodArn");
  private static final byte[] AUTHORIZATION_TOKEN = Bytes.ascii("authorizationToken");
  private static final byte[] HEADERS = Bytes.ascii("headers");
  private static final byte[] AUTHORIZATION = Bytes.ascii("authorization");
  private static final byte[] IDENTITY_SOURCE = Bytes.ascii("identitySource");
  private static final byte[] SUB = Bytes.ascii("sub");
  private static final byte[] NOBODY = Bytes.ascii("unknown");
  private static final byte[] EVERYTHING = Bytes.ascii("*");

  private static final byte[] RAW_PATH = Bytes.ascii("rawPath");
  private static final byte[] REQUEST_CONTEXT = Bytes.ascii("requestContext");
  private static final byte[] HTTP = Bytes.ascii("http");
  private static final byte[] METHOD = Bytes.ascii("method");

  /** Before a method ARN's API are the partition, service, region and account. */
  private static final int ARN_COLONS = 5;

  private final TokenChecker checker;
  private final JsonTape tape;
  private final PathRules rules;
  private final Output resource = new Output(256);

  /** The method and, from {@link #methodEnd} on, the path that the event is about. */
  private final Output target = new Output(256);

  private int methodEnd;

  /** What became of the last event, until that is told or dropped. */
  private @Nullable Reason settled;

  LambdaAuthorizer(TokenChecker checker, JsonTape tape, PathRules rules) {
    this.checker = checker;
    this.tape = tape;
    this.rules = rules;
  }

  /** Writes the answer to the event of {@code content[from, to)}. */
  void answer(byte[] content, int from, int to, Output body) {
    Reason reason = Reason.TOKEN_MISSING;
    boolean wantsPolicy = false;
    resource.clear();
    target.clear();
    methodEnd = 0;
    if (tape.parse(content, from, to) == JsonTape.Outcome.OK) {
      int arn = tape.member(METHOD_ARN);
      wantsPolicy = tape.kind(arn) == JsonTape.STRING;
      if (wantsPolicy) {
        resource.json(tape.text(), tape.start(arn), tape.end(arn));
        ofArn(tape.text(), tape.start(arn), tape.end(arn));
      } else {
        ofContext();
      }
      reason = check(credentials());
    }
    if (reason == Reason.VALID) {
      reason = permitted();
    }
    settled = reason;
    if (wantsPolicy) {
      policy(reason, body);
    } else {
      simple(reason, body);
    }
    checker.forget();
  }

  GateService.@Nullable Asked asked() {
    Reason reason = settled;
    settled = null;
    byte[] text = target.bytes();
    return reason == null
        ? null
        : new GateService.Asked(
            reason,
            GateService.text(text, 0, methodEnd),
            GateService.text(text, methodEnd, target.length()));
  }

  void drop() {
    settled = null;
  }

  private Reason permitted() {
    if (tape.parse(checker.payload(), 0, checker.payloadLength()) != JsonTape.Outcome.OK) {
      return Reason.VALIDATOR_FAILED;
    }
    byte[] text = target.bytes();
    return rules.check(
        text, 0, methodEnd, text, methodEnd, target.length(), tape, checker.payload());
  }

  /** {@code …:account:api/stage/METHOD/path}. */
  private void ofArn(byte[] text, int from, int to) {
    int at = from;
    for (int colons = 0; at < to && colons < ARN_COLONS; at++) {
      colons += text[at] == ':' ? 1 : 0;
    }
    for (int slashes = 0; at < to && slashes < 2; at++) {
      slashes += text[at] == '/' ? 1 : 0;
    }
    int slash = at;
    while (slash < to && text[slash] != '/') {
      slash++;
    }
    target.bytes(text, at, slash);
    methodEnd = target.length();
    if (slash < to) {
      target.bytes(text, slash, to);
    } else if (slash > at) {
      target.put('/');
    }
  }

  private void ofContext() {
    int method = tape.member(tape.member(tape.member(REQUEST_CONTEXT), HTTP), METHOD);
    int path = tape.member(RAW_PATH);
    if (tape.kind(method) == JsonTape.STRING && tape.kind(path) == JsonTape.STRING) {
      target.bytes(tape.text(), tape.start(method), tape.end(method));
      methodEnd = target.length();
      target.bytes(tape.text(), tape.start(path), tape.end(path));
    }
  }

  /** The event's text of {@code Authorization}, or -1. */
  private int credentials() {
    int token = tape.member(AUTHORIZATION_TOKEN);
    if (token >= 0) {
      return token;
    }
    // Payload 1.0 has the names of headers as the client wrote them.
    int found = -1;
    int headers = tape.member(HEADERS);
    for (int field = tape.last(headers); field >= 0; field = tape.previous(field)) {
      if (Bytes.equalIgnoringCase(
          tape.text(), tape.nameStart(field), tape.nameEnd(field), AUTHORIZATION)) {
        if (found >= 0) {
          return -1;
        }
        found = field;
      }
    }
    return found >= 0 ? found : tape.last(tape.member(IDENTITY_SOURCE));
  }

  private Reason check(int credentials) {
    if (tape.kind(credentials) != JsonTape.STRING) {
      return Reason.TOKEN_MISSING;
    }
    int end = tape.end(credentials);
    int token = Bearer.token(tape.text(), tape.start(credentials), end);
    return token < 0 || token >= end
        ? Reason.TOKEN_MISSING
        : checker.check(tape.text(), token, end);
  }

  private void simple(Reason reason, Output body) {
    if (reason == Reason.VALID) {
      body.ascii("{\"isAuthorized\":true,\"context\":");
      body.bytes(checker.payload(), 0, checker.payloadLength()).put('}');
    } else {
      body.ascii("{\"isAuthorized\":false,\"context\":{\"reason\":\"").ascii(reason.code());
      body.ascii("\"}}");
    }
  }

  private void policy(Reason reason, Output body) {
    boolean valid =
        reason == Reason.VALID
            && tape.parse(checker.payload(), 0, checker.payloadLength()) == JsonTape.Outcome.OK;
    body.ascii("{\"principalId\":");
    int subject = valid ? tape.member(SUB) : -1;
    if (tape.kind(subject) == JsonTape.STRING) {
      body.json(tape.text(), tape.start(subject), tape.end(subject));
    } else {
      body.json(NOBODY, 0, NOBODY.length);
    }
    body.ascii(",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":");
    body.ascii("\"execute-api:Invoke\",\"Effect\":\"").ascii(valid ? "Allow" : "Deny");
    body.ascii("\",\"Resource\":");
    if (resource.length() == 0) {
      body.json(EVERYTHING, 0, EVERYTHING.length);
    } else {
      body.bytes(resource.bytes(), 0, resource.length());
    }
    body.ascii("}]},\"context\":{");
    if (valid) {
      scalars(body);
    } else {
      body.ascii("\"reason\":\"").ascii(reason.code()).put('"');
    }
    body.ascii("}}");
  }

  /** The claims that payload 1.0 can carry: neither objects nor arrays nor null. */
  private void scalars(Output body) {
    boolean first = true;
    for (int claim = tape.last(0); claim >= 0; claim = tape.previous(claim)) {
      int kind = tape.kind(claim);
      if (kind < JsonTape.STRING || kind == JsonTape.NULL) {
        continue;
      }
      if (!first) {
        body.put(',');
      }
      first = false;
      body.json(tape.text(), tape.nameStart(claim), tape.nameEnd(claim)).put(':');
      if (kind == JsonTape.STRING) {
        body.json(tape.text(), tape.start(claim), tape.end(claim));
      } else {
        body.bytes(checker.payload(), tape.start(claim), tape.end(claim));
      }
    }
  }
}
