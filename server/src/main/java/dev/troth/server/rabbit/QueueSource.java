package dev.troth.server.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import dev.troth.server.rows.StreamFailure;
import dev.troth.watch.webhook.AddressRule;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Connections to brokers, at vetted addresses alone: what is checked is what is connected to. */
public final class QueueSource {
  /** What the broker sends ahead; with the longest body it bounds the memory. */
  public static final int AHEAD = 200;

  /** A longer message ends the connection, since nothing else keeps it out of the memory. */
  private static final int LONGEST_MESSAGE = 16 << 20;

  private static final int CONNECT_MILLIS = 5_000;
  private static final int HANDSHAKE_MILLIS = 10_000;
  private static final int ANSWER_MILLIS = 15_000;
  private static final int HEARTBEAT_SECONDS = 20;

  private final AddressRule rule;

  public QueueSource(AddressRule rule) {
    this.rule = rule;
  }

  /**
   * The queue as it stands.
   *
   * @param waiting messages that nobody has taken
   * @param consumers who read it
   */
  public record Look(long waiting, int consumers) {}

  /** An address that was vetted, with the name that TLS verifies. */
  private static final class Vetted extends Address {
    private final InetAddress address;

    Vetted(String host, InetAddress address, int port) {
      super(host, port);
      this.address = address;
    }

    @Override
    public InetSocketAddress toInetSocketAddress(int port) {
      return new InetSocketAddress(address, port);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Vetted that && super.equals(that) && address.equals(that.address);
    }

    @Override
    public int hashCode() {
      return address.hashCode();
    }
  }

  /** Says how many messages wait. */
  public Look look(Queue queue) {
    try (Open open = open(queue)) {
      AMQP.Queue.DeclareOk found = open.channel.queueDeclarePassive(queue.address().queue());
      return new Look(found.getMessageCount(), found.getConsumerCount());
    } catch (IOException | ShutdownSignalException e) {
      throw failure(queue, e);
    }
  }

  /** Begins to read; the broker sends what is there and what comes. */
  public QueueStream read(Queue queue) {
    Open open = open(queue);
    try {
      QueueStream stream = new QueueStream(queue, open);
      stream.begin();
      return stream;
    } catch (IOException | ShutdownSignalException e) {
      open.close();
      throw failure(queue, e);
    }
  }

  /** Whoever reads or settles says that the connection broke; the driver need not. */
  private static final class Quiet extends DefaultExceptionHandler {
    @Override
    public void handleUnexpectedConnectionDriverException(Connection connection, Throwable why) {}
  }

  /** A connection with one channel. */
  static final class Open implements Closeable {
    private static final int CLOSE_MILLIS = 2_000;

    final Connection connection;
    final Channel channel;
    private final ExecutorService work;

    Open(Connection connection, Channel channel, ExecutorService work) {
      this.connection = connection;
      this.channel = channel;
      this.work = work;
    }

    /** The broker has what was not acknowledged again. */
    @Override
    public void close() {
      try {
        connection.abort(CLOSE_MILLIS);
      } finally {
        work.shutdownNow();
      }
    }
  }

  private Open open(Queue queue) {
    ExecutorService work =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon(true).name("rabbitmq").factory());
    Connection connection = null;
    try {
      connection = factory(queue).newConnection(work, vetted(queue.address()), "troth");
      Channel channel = connection.createChannel();
      if (channel == null) {
        throw new IOException("the broker allows no channel");
      }
      return new Open(connection, channel, work);
    } catch (IOException | TimeoutException | RuntimeException e) {
      if (connection != null) {
        connection.abort(Open.CLOSE_MILLIS);
      }
      work.shutdownNow();
      throw failure(queue, e);
    }
  }

  private List<Address> vetted(QueueAddress to) {
    try {
      InetAddress[] all = InetAddress.getAllByName(to.host());
      for (InetAddress one : all) {
        Optional<String> refusal = rule.refusal(one);
        if (refusal.isPresent()) {
          throw new StreamFailure("%s may not be reached: %s".formatted(to.host(), refusal.get()));
        }
      }
      return List.of(all).stream()
          .<Address>map(one -> new Vetted(to.host(), one, to.port()))
          .toList();
    } catch (UnknownHostException e) {
      throw new StreamFailure(
          "%s cannot be reached: no address of it is known".formatted(to.host()));
    }
  }

  private static ConnectionFactory factory(Queue queue) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUsername(queue.address().user());
    factory.setPassword(queue.password());
    factory.setVirtualHost(queue.address().virtualHost());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(HANDSHAKE_MILLIS);
    factory.setChannelRpcTimeout(ANSWER_MILLIS);
    factory.setShutdownTimeout(Open.CLOSE_MILLIS);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setRequestedChannelMax(1);
    factory.setMaxInboundMessageBodySize(LONGEST_MESSAGE);
    factory.setThreadFactory(Thread.ofPlatform().daemon(true).name("rabbitmq-", 0).factory());
    factory.setExceptionHandler(new Quiet());
    if (queue.address().tls()) {
      factory.useSslProtocol(tls(queue));
      factory.enableHostnameVerification();
    }
    return factory;
  }

  private static SSLContext tls(Queue queue) {
    try {
      if (queue.authority().isEmpty()) {
        return SSLContext.getDefault();
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int i = 0;
      for (X509Certificate one : queue.certificates()) {
        trusted.setCertificateEntry("authority-" + i++, one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new StreamFailure("the authority's certificates cannot be used: " + e.getMessage());
    }
  }

  static StreamFailure failure(Queue queue, Exception e) {
    return e instanceof StreamFailure said
        ? said
        : new StreamFailure("%s: %s".formatted(queue.address().shown(), reason(e)));
  }

  /** What the broker or the network says, in a line and without what was sent. */
  private static String reason(Exception e) {
    if (e instanceof AuthenticationFailureException) {
      return "the broker refuses the user or the password";
    }
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof ShutdownSignalException signal) {
        if (signal.getReason() instanceof AMQP.Channel.Close close) {
          return "the broker says " + close.getReplyText();
        }
        if (signal.getReason() instanceof AMQP.Connection.Close close) {
          return "the broker says " + close.getReplyText();
        }
        if (signal.getCause() == null) {
          return "the connection broke";
        }
      }
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof AlreadyClosedException || root.getMessage() == null) {
      return "the connection broke (%s)".formatted(root.getClass().getSimpleName());
    }
    return words(root.getMessage().lines().findFirst().orElse(""));
  }

  /** What the client says of a message or of another protocol, for who does not program it. */
  private static String words(String clients) {
    if (clients.contains("Too many levels of nested")) {
      return "the first message of the queue has headers of more than 32 levels and cannot be read,"
          + " expected it to be removed";
    }
    if (clients.contains("setMaxInboundMessageBodySize")) {
      return clients.startsWith("Frame")
          ? "what answers does not speak AMQP 0-9-1 as it is; with TLS the address begins with"
              + " amqps://"
          : "the first message of the queue is longer than 16 MiB and cannot be read, expected it"
              + " to be removed";
    }
    return clients.contains("Unsupported or unrecognized SSL message")
        ? "what answers does not speak TLS; without it the address begins with amqp://"
        : clients;
  }
}
