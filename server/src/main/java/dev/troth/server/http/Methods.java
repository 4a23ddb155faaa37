package dev.troth.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionProvider;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * HTTP/1.1 whose methods are looked at before the server reads them: it takes a method with a
 * character that no method has for a failure of its own, answers 500 and logs it.
 */
record Methods(ServerConnectionSelector http, int longestLine) implements ServerConnectionSelector {
  private static final String LINE_END = " HTTP/1.1";

  /** What a method may have besides letters and digits (RFC 9110 §5.6.2). */
  private static final String OTHERS = "!#$%&'*+-.^_`|~";

  static Methods of(Http1Config http, ProtocolConfigs all) {
    return new Methods(
        new Http1ConnectionProvider().create(http.name(), http, all), http.maxPrologueLength());
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
    return http.connection(new Checked(context, new Lines(context.dataReader(), longestLine)));
  }

  /** The bytes of a connection; each request line is checked when its end is looked for. */
  private static final class Lines extends DataReader {
    private final int longestLine;

    Lines(DataReader reader, int longestLine) {
      super(() -> next(reader));
      this.longestLine = longestLine;
    }

    private static byte[] next(DataReader reader) {
      reader.ensureAvailable();
      return reader.readBytes(reader.available());
    }

    @Override
    public int findNewLine(int max) throws IncorrectNewLineException {
      int length = super.findNewLine(max);
      if (max == longestLine && length < max) {
        check(getBuffer(length).readString(length));
      }
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
