package dev.troth.observe.http;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Direction;
import dev.troth.observe.stream.Segment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A socket as the kernel tells of it: text goes in, each piece a read or write of its own, some cut
 * short, some lost; exchanges come out.
 */
final class Wiretap implements Exchanges {
  final List<Exchange> began = new ArrayList<>();
  final List<Exchange> ended = new ArrayList<>();
  final List<Exchange> abandoned = new ArrayList<>();
  boolean muted;
  long time = 1_000;
  int thread = 7;

  private final Role role;
  private final HttpConversation conversation =
      new HttpConversation(new HeadParser(Set.of()), this);
  private int requestPosition = -40; // crosses zero soon, as 32-bit positions do
  private int responsePosition = Integer.MAX_VALUE - 30;
  private boolean fresh = true;

  Wiretap(Role role) {
    this.role = role;
  }

  Wiretap request(String text) {
    return request(text, Integer.MAX_VALUE);
  }

  Wiretap request(String text, int limit) {
    byte[] bytes = bytes(text);
    conversation.segment(segment(role.requests(), bytes, limit, requestPosition, responsePosition));
    requestPosition += bytes.length;
    fresh = false;
    return this;
  }

  Wiretap response(String text) {
    return response(text, Integer.MAX_VALUE);
  }

  Wiretap response(String text, int limit) {
    byte[] bytes = bytes(text);
    Direction direction = role.requests().opposite();
    conversation.segment(segment(direction, bytes, limit, responsePosition, requestPosition));
    responsePosition += bytes.length;
    return this;
  }

  Wiretap lostRequest(String text) {
    requestPosition += text.length();
    time += 1_000;
    fresh = false;
    return this;
  }

  /** The event of bytes that {@link #lostRequest} passed over comes after all. */
  Wiretap requestAgain(String text) {
    requestPosition -= text.length();
    return request(text);
  }

  Wiretap lostResponse(String text) {
    responsePosition += text.length();
    time += 1_000;
    return this;
  }

  Wiretap onThread(int number) {
    thread = number;
    return this;
  }

  Wiretap tick(long later) {
    time += later;
    conversation.tick(time);
    return this;
  }

  Wiretap close() {
    time += 1_000;
    conversation.closed(time, true);
    return this;
  }

  HttpConversation conversation() {
    return conversation;
  }

  /** What ended, as {@code METHOD target status outcome}. */
  List<String> told() {
    return ended.stream()
        .map(e -> {
          Facts.Http facts = facts(e);
          String status = facts.status() == 0 ? "-" : Integer.toString(facts.status());
          return "%s %s %s %s".formatted(facts.method(), facts.target(), status, e.outcome());
        })
        .toList();
  }

  static Facts.Http facts(Exchange exchange) {
    return (Facts.Http) exchange.facts();
  }

  private Segment segment(
      Direction direction, byte[] bytes, int limit, int position, int opposite) {
    time += 1_000;
    int captured = Math.min(limit, bytes.length);
    byte[] tail =
        captured == bytes.length
            ? new byte[0]
            : Arrays.copyOfRange(bytes, Math.max(0, bytes.length - 8), bytes.length);
    return new Segment(
        direction,
        bytes,
        captured,
        bytes.length,
        tail,
        position,
        opposite,
        time,
        new Call(thread, fresh, false));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void began(Exchange exchange) {
    began.add(exchange);
  }

  @Override
  public void ended(Exchange exchange) {
    ended.add(exchange);
  }

  @Override
  public void abandoned(Exchange exchange) {
    abandoned.add(exchange);
  }

  @Override
  public void withdrawn(Exchange exchange) {
    throw new AssertionError("HTTP/1 withdraws nothing");
  }

  @Override
  public void lost(String reason) {
    muted = true;
  }

  @Override
  public void switched() {
    muted = true;
  }
}
