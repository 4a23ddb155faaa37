package dev.troth.server.http;

import dev.troth.server.config.Limits;
import dev.troth.server.limit.Connections;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The options of accepted connections, with a read timeout that holds. The server itself sets it
 * only on sockets that are not channels, and accepts channels; without it, a client that connects
 * and says nothing would stay for ever.
 */
public final class AcceptedSockets implements SocketOptions {
  private final SocketOptions options;
  private final Consumer<Socket> accepted;

  AcceptedSockets(Duration readTimeout, Consumer<Socket> accepted) {
    this.accepted = accepted;
    this.options =
        SocketOptions.builder()
            .tcpNoDelay(true)
            .socketKeepAlive(true)
            .readTimeout(readTimeout)
            .build();
  }

  /** Counts the connections of a listener with these limits. */
  public static Consumer<WebServerConfig.Builder> countedBy(
      Connections connections, Limits limits) {
    return builder ->
        builder.connectionOptions(new AcceptedSockets(limits.idle(), connections::accepted));
  }

  @Override
  public void configureSocket(SocketChannel channel) {
    options.configureSocket(channel);
    accepted.accept(channel.socket());
    try {
      channel.socket().setSoTimeout(Math.toIntExact(readTimeout().toMillis()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return options.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return options.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return options.readTimeout();
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return options.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return options.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return options.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return options.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return options.tcpNoDelay();
  }
}
