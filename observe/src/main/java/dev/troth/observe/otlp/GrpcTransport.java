package dev.troth.observe.otlp;

import dev.troth.observe.exchange.Header;
import dev.troth.observe.http2.Frame;
import dev.troth.observe.http2.HpackDecoder;
import dev.troth.observe.http2.HpackEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over gRPC: one call at a time on one HTTP/2 connection with prior knowledge, without TLS.
 * Flow control is obeyed; everything that a unary call does not need is passed over.
 */
public final class GrpcTransport implements Transport {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int FRAME_LIMIT = 16_384;
  private static final int DEFAULT_WINDOW = 65_535;
  private static final int HEADER_TABLE = 4_096;
  private static final int LAST_STREAM = 1 << 30;
  private static final int INITIAL_WINDOW_SETTING = 4;

  /**
   * CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, OUT_OF_RANGE, UNAVAILABLE,
   * DATA_LOSS.
   */
  private static final Set<String> RETRYABLE = Set.of("1", "4", "8", "10", "11", "14", "15");

  private final URI endpoint;
  private final Map<String, String> metadata;
  private @Nullable Session session;

  public GrpcTransport(URI endpoint, Map<String, String> metadata) {
    this.endpoint = endpoint;
    this.metadata = Map.copyOf(metadata);
  }

  @Override
  public Reply send(Signal signal, byte[] message) {
    boolean kept = session != null;
    try {
      return call(signal, message);
    } catch (IOException | IllegalArgumentException first) {
      close();
      if (!kept) {
        return later(first);
      }
    }
    try { // the receiver may have ended the connection while it was idle
      return call(signal, message);
    } catch (IOException | IllegalArgumentException second) {
      close();
      return later(second);
    }
  }

  private Reply later(Exception failure) {
    return new Reply.Later(endpoint + ": " + failure.getMessage(), Duration.ZERO);
  }

  private Reply call(Signal signal, byte[] message) throws IOException {
    Session open = session;
    if (open == null || open.nextStream > LAST_STREAM) {
      close();
      open = new Session(Wire.open(endpoint));
      session = open;
    }
    Reply reply = open.call(headers(signal), message);
    if (open.goingAway) {
      close();
    }
    return reply;
  }

  private List<Header> headers(Signal signal) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header(":method", "POST"));
    headers.add(new Header(":scheme", "http"));
    headers.add(new Header(":path", signal.method()));
    headers.add(new Header(":authority", endpoint.getRawAuthority()));
    headers.add(new Header("te", "trailers"));
    headers.add(new Header("content-type", "application/grpc"));
    headers.add(new Header("user-agent", "troth-observe"));
    metadata.forEach(
        (name, value) -> headers.add(new Header(name.toLowerCase(Locale.ROOT), value)));
    return headers;
  }

  @Override
  public void close() {
    Session open = session;
    if (open != null) {
      open.wire.close();
      session = null;
    }
  }

  /** One connection and its windows. */
  private final class Session {
    private final Wire wire;
    private final HpackDecoder decoder = new HpackDecoder(HEADER_TABLE);
    private int nextStream = 1;
    private long connectionWindow = DEFAULT_WINDOW;
    private long initialWindow = DEFAULT_WINDOW;
    private long streamWindow;
    private boolean goingAway;
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private String grpcStatus = "";
    private String grpcMessage = "";
    private String httpStatus = "";
    private boolean ended;

    Session(Wire wire) throws IOException {
      this.wire = wire;
      wire.out().write(PREFACE);
      write(Frame.SETTINGS, 0, 0, new byte[0]);
    }

    Reply call(List<Header> headers, byte[] message) throws IOException {
      int stream = nextStream;
      nextStream += 2;
      streamWindow = initialWindow;
      grpcStatus = "";
      grpcMessage = "";
      httpStatus = "";
      ended = false;
      write(Frame.HEADERS, Frame.END_HEADERS, stream, HpackEncoder.encode(headers));
      byte[] framed =
          ByteBuffer.allocate(5 + message.length)
              .put((byte) 0)
              .putInt(message.length)
              .put(message)
              .array();
      int at = 0;
      while (at < framed.length && !ended) {
        long room = Math.min(Math.min(connectionWindow, streamWindow), FRAME_LIMIT);
        if (room <= 0) {
          wire.out().flush();
          take(stream);
          continue;
        }
        int size = (int) Math.min(room, framed.length - at);
        boolean last = at + size == framed.length;
        write(
            Frame.DATA,
            last ? Frame.END_STREAM : 0,
            stream,
            Arrays.copyOfRange(framed, at, at + size));
        connectionWindow -= size;
        streamWindow -= size;
        at += size;
      }
      wire.out().flush();
      while (!ended) {
        take(stream);
      }
      return reply();
    }

    private Reply reply() {
      if (grpcStatus.equals("0")) {
        return new Reply.Accepted();
      }
      String reason =
          grpcStatus.isEmpty()
              ? endpoint + " answered HTTP " + httpStatus + " without a gRPC status"
              : endpoint + " answered gRPC status " + grpcStatus + " " + grpcMessage;
      return RETRYABLE.contains(grpcStatus) || grpcStatus.isEmpty()
          ? new Reply.Later(reason, Duration.ZERO)
          : new Reply.Refused(reason);
    }

    /** Reads one frame and does what it asks for. */
    private void take(int stream) throws IOException {
      Frame frame = Frame.read(wire.in(), FRAME_LIMIT);
      switch (frame.type()) {
        case Frame.SETTINGS -> settings(frame);
        case Frame.PING -> {
          if (!frame.has(Frame.ACK)) {
            write(Frame.PING, Frame.ACK, 0, frame.payload());
          }
        }
        case Frame.WINDOW_UPDATE -> {
          if (frame.stream() == 0) {
            connectionWindow += frame.number(0);
          } else if (frame.stream() == stream) {
            streamWindow += frame.number(0);
          }
        }
        case Frame.GOAWAY -> {
          goingAway = true;
          if (frame.number(0) < stream) {
            throw new IOException("the receiver goes away: " + farewell(frame));
          }
        }
        case Frame.RST_STREAM -> {
          if (frame.stream() == stream) {
            ended = true;
          }
        }
        case Frame.HEADERS -> headers(frame, frame.headerBlock(), stream);
        case Frame.CONTINUATION -> headers(frame, frame.payload(), stream);
        case Frame.DATA -> data(frame, stream);
        default -> {} // unknown types are passed over (RFC 9113 §4.1)
      }
    }

    /** The error number, and what the receiver says about it. */
    private static String farewell(Frame frame) {
      byte[] payload = frame.payload();
      String words =
          payload.length <= 8
              ? ""
              : " " + new String(payload, 8, payload.length - 8, StandardCharsets.UTF_8);
      return "HTTP/2 error " + frame.number(4) + words;
    }

    private void settings(Frame frame) throws IOException {
      if (frame.has(Frame.ACK)) {
        return;
      }
      byte[] payload = frame.payload();
      for (int at = 0; at + 6 <= payload.length; at += 6) {
        int id = (payload[at] & 0xff) << 8 | (payload[at + 1] & 0xff);
        if (id == INITIAL_WINDOW_SETTING) {
          long change = frame.number(at + 2) - initialWindow;
          initialWindow += change;
          streamWindow += change;
        }
      }
      write(Frame.SETTINGS, Frame.ACK, 0, new byte[0]);
    }

    private void headers(Frame frame, byte[] fragment, int stream) {
      block.writeBytes(fragment);
      boolean endOfStream = frame.type() == Frame.HEADERS && frame.has(Frame.END_STREAM);
      if (frame.has(Frame.END_HEADERS)) {
        List<Header> headers = decoder.decode(block.toByteArray());
        block.reset();
        if (frame.stream() == stream) {
          headers.forEach(this::header);
        }
      }
      ended |= endOfStream && frame.stream() == stream;
    }

    private void header(Header header) {
      switch (header.name()) {
        case ":status" -> httpStatus = header.value();
        case "grpc-status" -> grpcStatus = header.value();
        case "grpc-message" -> grpcMessage = header.value();
        default -> {}
      }
    }

    private void data(Frame frame, int stream) throws IOException {
      int size = frame.payload().length;
      if (size > 0) { // gives the room back at once; answers are a few bytes
        byte[] increment = ByteBuffer.allocate(4).putInt(size).array();
        write(Frame.WINDOW_UPDATE, 0, 0, increment);
        if (!frame.has(Frame.END_STREAM)) {
          write(Frame.WINDOW_UPDATE, 0, frame.stream(), increment);
        }
      }
      ended |= frame.stream() == stream && frame.has(Frame.END_STREAM);
    }

    private void write(int type, int flags, int stream, byte[] payload) throws IOException {
      new Frame(type, flags, stream, payload).writeTo(wire.out());
    }
  }
}
