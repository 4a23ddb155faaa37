package dev.troth.server.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one queue, in its order, until it is closed or breaks. What is neither acknowledged
 * nor refused when it ends, the broker sends again.
 */
public final class QueueStream implements Closeable {
  private static final long WAIT_MILLIS = 200;

  private final Queue queue;
  private final QueueSource.Open open;

  /** At most what the broker sends ahead. */
  private final BlockingQueue<QueueMessage> arrived = new LinkedBlockingQueue<>();

  private volatile @Nullable Exception broken;

  QueueStream(Queue queue, QueueSource.Open open) {
    this.queue = queue;
    this.open = open;
  }

  /** Asks for the messages, as the only reader: two would each see some of them, in no order. */
  void begin() throws IOException {
    open.channel.basicQos(QueueSource.AHEAD);
    open.channel.basicConsume(
        queue.address().queue(), false, "troth", false, true, null, new Reader());
  }

  private final class Reader extends DefaultConsumer {
    Reader() {
      super(open.channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      arrived.add(QueueMessage.of(envelope, properties, body));
    }

    @Override
    public void handleCancel(String tag) {
      broken = new IOException("the queue was deleted, or its node left");
    }

    @Override
    public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
      broken = signal;
    }
  }

  /**
   * What has arrived, at most so many and for a moment; none if nothing did.
   *
   * @throws dev.troth.server.rows.StreamFailure when the connection is lost
   */
  public List<QueueMessage> take(int most) throws InterruptedException {
    List<QueueMessage> taken = new ArrayList<>();
    QueueMessage first = arrived.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    if (first != null) {
      taken.add(first);
      arrived.drainTo(taken, most - 1);
    }
    Exception why = broken;
    if (why != null) {
      // What has arrived cannot be acknowledged any more, and arrives again.
      throw QueueSource.failure(queue, why);
    }
    return taken;
  }

  /**
   * Says that all messages up to the last are settled here.
   *
   * @param refused those that could not be taken: the broker drops them, or moves them to the
   *     exchange that the queue names for dead letters
   */
  public void settle(List<QueueMessage> messages, List<QueueMessage> refused) {
    try {
      for (QueueMessage one : refused) {
        open.channel.basicReject(one.tag(), false);
      }
      for (QueueMessage one : messages.reversed()) {
        if (!refused.contains(one)) {
          open.channel.basicAck(one.tag(), true);
          break;
        }
      }
    } catch (IOException | ShutdownSignalException e) {
      throw QueueSource.failure(queue, Objects.requireNonNullElse(broken, e));
    }
  }

  @Override
  public void close() {
    open.close();
  }
}
