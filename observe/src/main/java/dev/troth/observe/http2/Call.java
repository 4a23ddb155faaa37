package dev.troth.observe.http2;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Header;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One request of HTTP/2 or gRPC, on a stream of its own. Not thread-safe. */
final class Call {
  private static final String GRPC = "application/grpc";

  private final Exchange exchange;
  private final Set<String> names;
  private long requestBytes;
  private long responseBytes;

  private Call(Exchange exchange, Set<String> names) {
    this.exchange = exchange;
    this.names = names;
  }

  /** A call that begins with these fields; empty when they are no request. */
  static Optional<Call> of(Role role, List<Header> fields, Place place, Set<String> names) {
    String method = Header.first(fields, ":method");
    String path = Header.first(fields, ":path");
    boolean hidden = hides(fields);
    if (method == null && !hidden) {
      return Optional.empty();
    }
    String target = path != null ? path : hidden ? "" : "*";
    String type = Header.first(fields, "content-type");
    List<Header> kept = kept(fields, names);
    String authority = Header.first(fields, ":authority");
    if (authority != null) {
      kept.add(new Header("host", authority));
    }
    int slash = target.lastIndexOf('/');
    boolean grpc = type != null && type.startsWith(GRPC) && target.startsWith("/") && slash > 0;
    Facts facts =
        grpc
            ? new Facts.Rpc(
                "grpc",
                target.substring(1, slash),
                target.substring(slash + 1),
                Optional.empty(),
                kept,
                List.of())
            : new Facts.Http(method == null ? "" : method, target, "2", kept, List.of(), 0);
    Exchange exchange = new Exchange(role, place, facts, Header.first(fields, "traceparent"));
    if (hidden) {
      exchange.hides();
    }
    return Optional.of(new Call(exchange, names));
  }

  private static boolean hides(List<Header> fields) {
    return Header.first(fields, HpackDecoder.UNKNOWN.name()) != null;
  }

  Exchange exchange() {
    return exchange;
  }

  void requestBody(int bytes) {
    requestBytes += bytes;
    exchange.requestBody(requestBytes);
  }

  void responseBody(int bytes) {
    responseBytes += bytes;
  }

  /** The fields of a response, or those behind it. */
  void answered(List<Header> fields, Place place) {
    if (hides(fields)) {
      exchange.hides();
    }
    String status = Header.first(fields, ":status");
    if (status != null && status.startsWith("1")) {
      return; // an interim response
    }
    Facts facts =
        switch (exchange.facts()) {
          case Facts.Rpc rpc -> {
            Optional<Integer> code = number(Header.first(fields, "grpc-status"));
            List<Header> kept = new ArrayList<>(rpc.response());
            kept.addAll(kept(fields, names));
            yield rpc.answered(code.isPresent() ? code : rpc.status(), kept);
          }
          case Facts.Http http ->
              status == null ? http : http.answered(number(status).orElse(0), kept(fields, names));
          case Facts.Database other -> other;
          case Facts.Messaging other -> other;
          case Facts.Dns other -> other;
        };
    if (exchange.hasResponse()) {
      exchange.learned(facts);
    } else {
      exchange.responded(facts, place);
    }
  }

  /** How it ended; the last byte of a response is the end of a call. */
  void ended(boolean complete, long time) {
    boolean told =
        complete || (exchange.facts() instanceof Facts.Rpc rpc && rpc.status().isPresent());
    exchange.ended(
        told ? Exchange.Outcome.COMPLETE : Exchange.Outcome.ABORTED, time, responseBytes);
  }

  /** Ends it with what is known of its answer, if that is enough. */
  boolean endsWithHead(long time) {
    boolean enough = exchange.hasResponse() && exchange.facts() instanceof Facts.Http;
    if (enough) {
      exchange.ended(Exchange.Outcome.HEAD_ONLY, time, responseBytes);
    }
    return enough;
  }

  private static List<Header> kept(List<Header> fields, Set<String> names) {
    List<Header> kept = new ArrayList<>(4);
    for (Header field : fields) {
      if (names.contains(field.name())) {
        kept.add(field);
      }
    }
    return kept;
  }

  private static Optional<Integer> number(@org.jspecify.annotations.Nullable String text) {
    return text != null && text.matches("[0-9]{1,4}")
        ? Optional.of(Integer.parseInt(text))
        : Optional.empty();
  }
}
