package dev.troth.observe.agent;

import dev.troth.observe.config.Limits;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.metrics.Sight;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An agent in this process whose spans are collected. */
final class Observer implements AutoCloseable {
  /**
   * A ring that holds what passes while this machine is busy with the watched programs themselves:
   * a full one cuts messages short, and these tests want all of them.
   */
  static final Limits ROOMY = new Limits(Size.count(1 << 26, 1 << 28), 1, 0);

  private static final int MOST_KNOWN = 50_000;

  private final List<Span> spans = new ArrayList<>();
  private final Map<Object, Object> known = new HashMap<>();
  private final Observation observation;
  private final Thread thread;

  private Observer(ObserveConfig config) throws IOException {
    observation = Observation.open(config, List.of((SpanSink) this::add));
    observation.agent().attach();
    thread = Thread.ofPlatform().name("observer").start(observation.agent()::run);
  }

  static Observer of(Selector... selectors) throws IOException {
    return of(ObserveConfig.defaults().withInstrument(List.of(selectors)).withLimits(ROOMY));
  }

  static Observer of(ObserveConfig config) throws IOException {
    return new Observer(config);
  }

  private synchronized void add(Span span) {
    spans.add(
        new Span(
            span.target(),
            span.role(),
            span.traceHigh(),
            span.traceLow(),
            span.id(),
            span.parent(),
            known(span.name()),
            span.start(),
            span.end(),
            span.failed(),
            known(span.attributes().stream().map(this::known).toList()),
            known(span.labels())));
  }

  /** Equal values are kept once: a million spans have few, and the agent must not wait for room. */
  @SuppressWarnings("unchecked")
  private <T> T known(T value) {
    Object before = known.size() < MOST_KNOWN ? known.putIfAbsent(value, value) : known.get(value);
    return before == null ? value : (T) before;
  }

  synchronized List<Span> spans() {
    return List.copyOf(spans);
  }

  AgentCounters counters() {
    return observation.agent().counters();
  }

  RequestMetrics metrics() {
    return observation.agent().metrics();
  }

  List<Sight> sights() {
    return observation.agent().sights();
  }

  /** Stops; all spans are there afterwards. */
  @Override
  public void close() {
    observation.agent().stop();
    try {
      thread.join();
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
    observation.close();
  }

  static String text(Span span, String name) {
    for (Attribute attribute : span.attributes()) {
      if (attribute.name().equals(name)) {
        return switch (attribute.value()) {
          case Attribute.Text(String text) -> text;
          case Attribute.Whole(long number) -> Long.toString(number);
          case Attribute.Texts(List<String> texts) -> String.join(",", texts);
        };
      }
    }
    return "";
  }

  /** The span as an access log would have it, without the query. */
  static String line(Span span) {
    return text(span, "http.request.method")
        + " "
        + text(span, "url.path")
        + " "
        + text(span, "http.response.status_code");
  }
}
