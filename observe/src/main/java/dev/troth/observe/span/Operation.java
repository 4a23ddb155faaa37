package dev.troth.observe.span;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Role;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An exchange on its way to become a span: with its own id, and its parent once that is known. */
public final class Operation {
  private final Connection connection;
  private final Exchange exchange;
  private final long id;
  private final @Nullable TraceParent carried;

  /** The context that the agent's own programs wrote into this call. */
  private final @Nullable TraceParent written;

  /** The server operation that was alone on the thread when this client operation began. */
  private @Nullable Operation candidate;

  /** The first call into which a context was written while this request was alone on its thread. */
  private @Nullable Operation firstCall;

  private @Nullable Operation forwardedFrom;
  private boolean shared;
  private boolean amid;
  private boolean resolved;
  private long traceHigh;
  private long traceLow;
  private long parent;
  private boolean sampledByParent;
  private boolean hasParentDecision;

  Operation(Connection connection, Exchange exchange, long id) {
    this.connection = connection;
    this.exchange = exchange;
    this.id = id;
    String context = exchange.context();
    this.carried = context == null ? null : TraceParent.parse(context).orElse(null);
    this.written = null;
  }

  Operation(Connection connection, Exchange exchange, TraceParent written) {
    this.connection = connection;
    this.exchange = exchange;
    this.id = written.span();
    this.carried = null;
    this.written = written;
  }

  public Connection connection() {
    return connection;
  }

  public Exchange exchange() {
    return exchange;
  }

  public long id() {
    return id;
  }

  public long traceHigh() {
    return traceHigh;
  }

  public long traceLow() {
    return traceLow;
  }

  /** The parent's span id, or 0 for a root span. */
  public long parent() {
    return parent;
  }

  /** What the caller that sent the trace context decided about sampling, if one did. */
  public Optional<Boolean> parentDecision() {
    return hasParentDecision ? Optional.of(sampledByParent) : Optional.empty();
  }

  boolean isServer() {
    return exchange.role() == Role.SERVER;
  }

  boolean isOpen() {
    return exchange.outcome() == Exchange.Outcome.OPEN;
  }

  boolean hasResponded() {
    return exchange.hasResponse();
  }

  @Nullable TraceParent carried() {
    return carried;
  }

  @Nullable TraceParent written() {
    return written;
  }

  /** Whether it was sent as a call of another trace than the one that this operation is of. */
  boolean isOfAnotherTrace(Operation other) {
    return written != null
        && (written.high() != other.traceHigh || written.low() != other.traceLow);
  }

  @Nullable Operation candidate() {
    return candidate;
  }

  void candidate(@Nullable Operation server) {
    candidate = server;
  }

  void calledWith(Operation client) {
    if (firstCall == null) {
      firstCall = client;
    }
  }

  @Nullable Operation firstCall() {
    return firstCall;
  }

  /** Another request was read on the same thread before this one was answered. */
  void share() {
    shared = true;
  }

  /** The server operation that came with the very context that this client operation carries on. */
  @Nullable Operation forwardedFrom() {
    return forwardedFrom;
  }

  void forwardedFrom(@Nullable Operation server) {
    forwardedFrom = server;
  }

  /** Its process was handling requests when it began, so it may have had a parent. */
  void amidRequests() {
    amid = true;
  }

  boolean wasAmidRequests() {
    return amid;
  }

  /** Whether it is not certain, by its thread, what was done for it. */
  public boolean isShared() {
    return shared;
  }

  boolean isResolved() {
    return resolved;
  }

  void root(long high, long low) {
    resolve(high, low, 0);
  }

  /** The root of the trace that was written into it. */
  void rootOf(TraceParent own) {
    resolve(own.high(), own.low(), 0);
    decided(own.sampled());
  }

  void childOf(TraceParent context) {
    resolve(context.high(), context.low(), context.span());
    decided(context.sampled());
  }

  void childOf(Operation other) {
    resolve(other.traceHigh, other.traceLow, other.id);
    if (other.hasParentDecision) {
      decided(other.sampledByParent);
    }
  }

  private void resolve(long high, long low, long newParent) {
    resolved = true;
    traceHigh = high;
    traceLow = low;
    parent = newParent;
  }

  private void decided(boolean sampled) {
    hasParentDecision = true;
    sampledByParent = sampled;
  }
}
