package dev.troth.server.db;

import dev.troth.server.statement.KeptStatements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Writes that share a commit: the one that begins takes along all that wait behind it, so that the
 * disk is asked once for all of them.
 *
 * <p>Each runs behind a savepoint of its own and with a handle of its own, so that one that fails
 * takes nothing else back, and what it wanted to be told after the commit is not told. None is
 * answered before the commit, not even with a refusal. Without anybody waiting there is no
 * savepoint and nothing differs. Used by the one thread that writes.
 */
final class WriteGroup {
  /** So that whoever came first does not wait for all who come. */
  private static final int MOST = 64;

  private static final long LONGEST_NANOS = 5_000_000;

  private final Jdbi jdbi;
  private final Jdbi joined;
  private final Consumer<Handle> before;
  private @Nullable Connection current;

  /**
   * Groups on a database.
   *
   * @param before comes first in each transaction
   */
  WriteGroup(Jdbi jdbi, Consumer<Handle> before) {
    this.jdbi = jdbi;
    this.before = before;
    this.joined = Jdbi.create(new Same()).setTransactionHandler(new Joined(false));
    joined.configure(
        KeptStatements.class, kept -> kept.shareWith(jdbi.getConfig(KeptStatements.class)));
  }

  /** One write; its result is known once it is on disk. */
  static final class Write<T extends @Nullable Object> implements Runnable {
    private final Function<Handle, T> work;
    private final Consumer<Write<?>> runner;
    private final CompletableFuture<T> done = new CompletableFuture<>();

    Write(Function<Handle, T> work, Consumer<Write<?>> runner) {
      this.work = work;
      this.runner = runner;
    }

    @Override
    public void run() {
      runner.accept(this);
    }

    CompletableFuture<T> done() {
      return done;
    }

    /** Does the work; gives back what answers it. */
    private Runnable applied(Handle handle) {
      T result = work.apply(handle);
      return () -> done.complete(result);
    }
  }

  /**
   * A write that waits for the commit, also to be refused: what it was refused for may have been
   * seen in this very transaction.
   */
  private record Applied(Write<?> write, Handle handle, Runnable answer) {
    /** Answers one whose work is on disk. */
    void end() {
      try {
        handle.commit();
        answer.run();
      } catch (Throwable e) {
        // Its callback failed; the others of the group are not touched.
        write.done.completeExceptionally(e);
      }
    }
  }

  /** Runs a write with those that wait behind it; throws nothing, the futures say it. */
  void run(Write<?> first, BlockingQueue<Runnable> waiting) {
    List<Applied> behind = new ArrayList<>();
    AtomicBoolean onDisk = new AtomicBoolean();
    try (Handle handle = jdbi.open()) {
      handle.begin();
      // Callbacks are called in their order: where a later one fails, this one has been called.
      handle.afterCommit(() -> onDisk.set(true));
      Runnable answer;
      try {
        before.accept(handle);
        answer = first.applied(handle);
        takeAlong(handle, waiting, behind);
        handle.commit();
      } catch (Throwable e) {
        if (!onDisk.get()) {
          undo(handle, e);
        }
        throw e;
      }
      answer.run();
    } catch (Throwable e) {
      first.done.completeExceptionally(e);
      if (!onDisk.get()) {
        behind.forEach(one -> one.write().done.completeExceptionally(e));
      }
      if (e instanceof VirtualMachineError error) {
        throw error;
      }
    } finally {
      if (onDisk.get()) {
        behind.forEach(Applied::end);
      }
      behind.forEach(one -> one.handle().close());
    }
  }

  private static void undo(Handle handle, Throwable why) {
    try {
      handle.rollback();
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  private void takeAlong(Handle handle, BlockingQueue<Runnable> waiting, List<Applied> behind) {
    long end = System.nanoTime() + LONGEST_NANOS;
    while (behind.size() < MOST
        && waiting.peek() instanceof Write<?>
        && System.nanoTime() - end < 0) {
      // Nobody else takes from the queue, but a stop may empty it.
      if (waiting.poll() instanceof Write<?> next) {
        apply(handle, next, behind);
      }
    }
  }

  private void apply(Handle outer, Write<?> write, List<Applied> behind) {
    Connection connection = outer.getConnection();
    current = connection;
    Handle handle = joined.open();
    try {
      Savepoint begin = connection.setSavepoint();
      Runnable answer;
      try {
        answer = write.applied(handle);
      } catch (RuntimeException e) {
        handle.rollback();
        behind.add(new Applied(write, handle, () -> write.done.completeExceptionally(e)));
        takeBack(connection, begin, e);
        return;
      }
      connection.releaseSavepoint(begin);
      behind.add(new Applied(write, handle, answer));
    } catch (SQLException e) {
      handle.close();
      write.done.completeExceptionally(e);
      throw new TransactionGone(e);
    } catch (Error e) {
      handle.close();
      write.done.completeExceptionally(e);
      throw e;
    }
  }

  /**
   * Takes back what one write did. Where the transaction itself is gone, as when the disk is full,
   * all of the group fail for the reason for which that one failed.
   */
  private static void takeBack(Connection connection, Savepoint begin, RuntimeException why) {
    try {
      connection.rollback(begin);
      connection.releaseSavepoint(begin);
    } catch (SQLException gone) {
      why.addSuppressed(gone);
      throw new TransactionGone(why);
    }
  }

  /** The transaction that a group shares cannot go on. */
  private static final class TransactionGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    TransactionGone(Throwable cause) {
      super("the transaction is gone", cause);
    }
  }

  /** Gives the connection of the group, and leaves it open. */
  private final class Same implements ConnectionFactory {
    @Override
    public Connection openConnection() {
      Connection connection = current;
      if (connection == null) {
        throw new IllegalStateException("there is no transaction to join");
      }
      return connection;
    }

    @Override
    public void closeConnection(Connection connection) {}
  }

  /** Is in a transaction that another handle began and will end. */
  private static final class Joined extends LocalTransactionHandler {
    private boolean open;

    Joined(boolean open) {
      this.open = open;
    }

    @Override
    public TransactionHandler specialize(Handle handle) {
      return new Joined(true);
    }

    @Override
    public boolean isInTransaction(Handle handle) {
      return open;
    }

    @Override
    public void commit(Handle handle) {
      open = false;
    }

    @Override
    public void rollback(Handle handle) {
      open = false;
    }
  }
}
