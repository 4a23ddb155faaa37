package dev.troth.server.http.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * HTTP/1.1 whose methods are looked at before the server reads them: it takes a method with a
 * character that no method has for a failure of its own, answers 500 and logs it.
 */
public record Methods(ServerConnectionSelector http, int longestLine, Duration longestWait)
    implements ServerConnectionSelector {
  private static final String LINE_END = " HTTP/1.1";

  /** What a method may have besides letters and digits (RFC 9110 §5.6.2). */
  private static final String OTHERS = "!#$%&'*+-.^_`|~";

  /**
   * Over the server's own HTTP/1.1.
   *
   * @param longestWait how long a request may take to arrive; whoever sends more slowly holds a
   *     place among the requests for no good reason
   */
  public static Methods of(Http1Config http, ProtocolConfigs all, Duration longestWait) {
    return new Methods(Upgrades.http(http, all), http.maxPrologueLength(), longestWait);
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData first) {
    return http.supports(first);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return http.connection(
        new Checked(
            context, new Lines(context.dataReader(), longestLine, new Deadline(longestWait))));
  }

  /** Another protocol begins, whose requests have times of their own. */
  static void leave(ConnectionContext context) {
    if (context.dataReader() instanceof Lines lines) {
      lines.deadline.end();
    }
  }

  /** The bytes of a connection; each request line is checked when its end is looked for. */
  private static final class Lines extends DataReader {
    private final int longestLine;

    private final Deadline deadline;

    Lines(DataReader reader, int longestLine, Deadline deadline) {
      super(() -> next(reader, deadline));
      this.longestLine = longestLine;
      this.deadline = deadline;
    }

    private static byte[] next(DataReader reader, Deadline deadline) {
      deadline.check();
      reader.ensureAvailable();
      return reader.readBytes(reader.available());
    }

    @Override
    public int findNewLine(int max) throws IncorrectNewLineException {
      if (max != longestLine) {
        return super.findNewLine(max);
      }
      deadline.end();
      int length = super.findNewLine(max);
      if (length < max) {
        check(getBuffer(length).readString(length));
      }
      deadline.begin();
      return length;
    }

    private static void check(String line) {
      int end = line.indexOf(' ');
      // Values of headers are looked for in the same way.
      if (end < 0 || !line.endsWith(LINE_END)) {
        return;
      }
      for (int i = 0; i < end; i++) {
        char c = line.charAt(i);
        boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && OTHERS.indexOf(c) < 0) {
          throw RequestException.builder()
              .type(DirectHandler.EventType.BAD_REQUEST)
              .message("the method has the character U+%04X".formatted((int) c))
              .build();
        }
      }
    }
  }

  /** The time by which what follows a request line has to be here, read by a route or not. */
  private static final class Deadline {
    private final Duration longestWait;
    private long began;
    private boolean runs;

    Deadline(Duration longestWait) {
      this.longestWait = longestWait;
    }

    void begin() {
      began = System.nanoTime();
      runs = true;
    }

    void end() {
      runs = false;
    }

    void check() {
      if (runs && System.nanoTime() - began > longestWait.toNanos()) {
        throw new CloseConnectionException(
            "the request took more than %d s".formatted(longestWait.toSeconds()));
      }
    }
  }

  /** The connection, read through the check. */
  private record Checked(ConnectionContext context, DataReader dataReader)
      implements ConnectionContext {
    @Override
    public ListenerContext listenerContext() {
      return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return context.executor();
    }

    @Override
    public DataWriter dataWriter() {
      return context.dataWriter();
    }

    @Override
    public Router router() {
      return context.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return context.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return context.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return context.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return context.localPeer();
    }

    @Override
    public boolean isSecure() {
      return context.isSecure();
    }

    @Override
    public String socketId() {
      return context.socketId();
    }

    @Override
    public String childSocketId() {
      return context.childSocketId();
    }
  }
}
