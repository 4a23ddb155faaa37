package dev.troth.observe.postgres;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.sql.Statement;
import dev.troth.observe.sql.Statements;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL on one socket: commands one way, answers the other, in the same order. An exchange is
 * a simple query, or the execution of a prepared one; what comes between an error and the next
 * {@code Sync} was never carried out.
 *
 * <p>When bytes of an answer are missing, the next command, or an end that was seen, proves that
 * the answer is complete; when bytes of commands are missing, all that are open are given up. A
 * conversation that sends commands ahead and loses some is given up for good.
 */
final class PostgresConversation implements Conversation {
  private static final int MOST_PENDING = 4_096;
  private static final int BYTES_OF_ONE = 500;

  /** The word that all is done, and the two bytes before it. */
  private static final int ENDING = 8;

  private enum Kind {
    SIMPLE,
    EXECUTE,
    SYNC
  }

  /** What was asked and waits for its answer. */
  private static final class Asked {
    final Kind kind;
    final @Nullable Exchange exchange;

    /** How far the answers had come when it was asked. */
    final int after;

    String error = "";
    long bytes;

    Asked(Kind kind, @Nullable Exchange exchange, Place place) {
      this.kind = kind;
      this.exchange = exchange;
      this.after = place.opposite();
    }
  }

  private final Role role;
  private final Exchanges exchanges;
  private final Statements read;
  private final Prepared prepared = new Prepared();
  private final Deque<Asked> pending = new ArrayDeque<>();
  private final Messages commands = new Messages(false, new Commands());
  private final Messages answers = new Messages(true, new Answers());
  private String namespace = "";
  private boolean begun;
  private int commandsExpected;
  private int answersExpected;
  private boolean answersSeen;
  private boolean ahead;
  private boolean over;

  /** The client asked for TLS or GSS; one byte answers. */
  private boolean negotiating;

  PostgresConversation(Role role, Statements read, Exchanges exchanges) {
    this.read = read;
    this.role = role;
    this.exchanges = exchanges;
  }

  @Override
  public void segment(Segment segment) {
    if (over) {
      return;
    }
    if (segment.direction() == role.requests()) {
      command(segment);
    } else {
      answer(segment);
    }
  }

  private void command(Segment segment) {
    byte[] b = segment.bytes();
    boolean startup = Messages.isStartup(b, segment.captured(), segment.length());
    if (!begun) {
      begun = true;
      commandsExpected = segment.position();
      commands.resume(!startup);
    }
    int gap = segment.position() - commandsExpected;
    if (gap < 0) {
      return;
    }
    if (gap > 0) {
      commands.skip(gap, segment.time());
    }
    commandsExpected = segment.end();
    if (over) {
      return;
    }
    if (commands.isLost()) {
      if (!Messages.areQueries(b, segment.captured(), segment.length())) {
        return;
      }
      commands.resume(true);
    }
    int unseen = segment.opposite() - answersExpected;
    if (answersSeen && !negotiating && !ahead && commands.atBoundary() && unseen > 0) {
      answers.skip(unseen, segment.time());
      answersExpected = segment.opposite();
    }
    if (answers.isLost() && commands.atBoundary()) {
      // The next command proves that the answer before it is complete.
      endUnseen("", segment.time());
      answers.resume(true);
      answersExpected = segment.opposite();
    }
    if (!answersSeen) {
      answersSeen = true;
      answersExpected = segment.opposite();
    }
    commands.read(segment);
  }

  private void answer(Segment segment) {
    if (!answersSeen) {
      return; // of a command that was not seen
    }
    int gap = segment.position() - answersExpected;
    if (gap < 0) {
      return;
    }
    if (negotiating) {
      negotiating = false;
      answersExpected = segment.end();
      if (segment.captured() == 1 && segment.bytes()[0] != 'N') {
        over = true;
        exchanges.switched();
      }
      return;
    }
    if (gap > 0) {
      answers.skip(gap, segment.time());
    }
    answersExpected = segment.end();
    answers.read(segment);
    if (answers.isLost()) {
      byte[] end = end(segment);
      if (isReady(end)) {
        endUnseen(isFailed(end) ? Facts.Database.SOME_ERROR : "", segment.time());
        answers.resume(true);
      }
    }
  }

  /** The last bytes of a segment, as far as they are known. */
  private static byte[] end(Segment segment) {
    return segment.missing() > 0
        ? segment.tail()
        : Arrays.copyOfRange(
            segment.bytes(), Math.max(0, segment.captured() - ENDING), segment.captured());
  }

  /** Whether bytes end with the word that all before it is done. */
  private static boolean isReady(byte[] end) {
    int to = end.length;
    return to >= 6
        && end[to - 6] == 'Z'
        && Messages.number(end, to - 5) == 5
        && "ITE".indexOf(end[to - 1]) >= 0;
  }

  /**
   * Whether an error stood before the word that all is done: its fields end with an empty one, so
   * with two zeros, and the name of what was done with one. In a transaction that has failed every
   * command fails.
   */
  private static boolean isFailed(byte[] end) {
    int to = end.length;
    return end[to - 1] == 'E' || (to >= ENDING && end[to - 7] == 0 && end[to - 8] == 0);
  }

  /** Ends what was answered without being seen; of several nobody knows which failed. */
  private void endUnseen(String error, long time) {
    long executed = pending.stream().filter(one -> one.exchange != null).count();
    for (Asked asked : pending) {
      Exchange exchange = asked.exchange;
      if (exchange != null && executed == 1 && exchange.hasResponse() && asked.error.isEmpty()) {
        asked.error = error;
        end(asked, Exchange.Outcome.HEAD_ONLY, time);
      } else if (exchange != null) {
        exchanges.abandoned(exchange);
      }
    }
    pending.clear();
  }

  @Override
  public void tick(long now) {}

  @Override
  public void closed(long time, boolean wholly) {
    if (over || (role == Role.CLIENT && !wholly)) {
      return;
    }
    for (Asked asked : pending) {
      if (asked.exchange != null) {
        end(asked, Exchange.Outcome.ABORTED, time);
      }
    }
    pending.clear();
  }

  @Override
  public void giveUp() {
    over = true;
    abandonAll();
  }

  @Override
  public int held() {
    return pending.size() * BYTES_OF_ONE + commands.held() + answers.held() + prepared.held();
  }

  private void abandonAll() {
    for (Asked asked : pending) {
      if (asked.exchange != null) {
        exchanges.abandoned(asked.exchange);
      }
    }
    pending.clear();
  }

  private void begin(Kind kind, Statement statement, Place place) {
    Facts facts =
        new Facts.Database(
            "postgresql",
            namespace,
            statement.operation(),
            statement.collection(),
            statement.text(),
            "");
    Exchange exchange = new Exchange(role, place, facts, null);
    Asked last = pending.peekLast();
    ahead |= last != null && last.kind != Kind.EXECUTE && last.after == place.opposite();
    pending.add(new Asked(kind, exchange, place));
    exchanges.began(exchange);
    if (pending.size() > MOST_PENDING) {
      giveUp();
      exchanges.lost("PostgreSQL with more than " + MOST_PENDING + " open commands");
    }
  }

  private void end(Asked asked, Exchange.Outcome outcome, long time) {
    Exchange exchange = asked.exchange;
    if (exchange == null) {
      return;
    }
    if (!asked.error.isEmpty() && exchange.facts() instanceof Facts.Database facts) {
      exchange.learned(facts.failed(asked.error));
    }
    exchange.ended(outcome, time, asked.bytes);
    exchanges.ended(exchange);
  }

  private final class Commands implements Messages.Receiver {
    @Override
    public void message(byte type, byte[] content, int length, Place place, long time) {
      Fields fields = new Fields(content);
      switch (type) {
        case Messages.STARTUP -> startup(content);
        case 'Q' -> begin(Kind.SIMPLE, read.read(fields.text()), place);
        case 'P' -> prepared.parsed(fields.text(), read.read(fields.text()));
        case 'B' -> prepared.bound(fields.text(), fields.text());
        case 'E' -> begin(Kind.EXECUTE, prepared.ofPortal(fields.text()), place);
        case 'C' -> prepared.closed(content);
        case 'S', 'F' -> pending.add(new Asked(Kind.SYNC, null, place));
        default -> {}
      }
    }

    private void startup(byte[] content) {
      if (content.length < 4) {
        return;
      }
      int code = Messages.number(content, 0);
      if (code == Messages.SSL_REQUEST || code == Messages.GSS_REQUEST) {
        negotiating = true;
        return;
      }
      Fields fields = new Fields(content).skip(4);
      String user = "";
      for (String name = fields.text(); !name.isEmpty(); name = fields.text()) {
        String value = fields.text();
        user = name.equals("user") ? value : user;
        namespace = name.equals("database") ? value : namespace;
      }
      namespace = namespace.isEmpty() ? user : namespace;
    }

    @Override
    public void lost() {
      abandonAll();
      if (ahead) {
        giveUp();
        exchanges.lost("PostgreSQL that sends ahead, after events were lost");
      }
    }
  }

  private final class Answers implements Messages.Receiver {
    @Override
    public void message(byte type, byte[] content, int length, Place place, long time) {
      if (type == 'Z') {
        ready(time);
        return;
      }
      Asked head = pending.peek();
      if (head == null || head.exchange == null) {
        if (type == 'E' && head != null) {
          skipToSync();
        }
        return;
      }
      head.bytes += length;
      boolean answers = "TDCEIsGHWVn".indexOf(type) >= 0;
      if (answers && !head.exchange.hasResponse()) {
        head.exchange.responded(head.exchange.facts(), place);
      }
      switch (type) {
        case 'E' -> {
          head.error = new Fields(content).code();
          if (head.kind == Kind.EXECUTE) {
            pending.remove();
            end(head, Exchange.Outcome.COMPLETE, time);
            skipToSync();
          }
        }
        case 'C', 'I', 's' -> {
          if (head.kind == Kind.EXECUTE) {
            pending.remove();
            end(head, Exchange.Outcome.COMPLETE, time);
          }
        }
        default -> {}
      }
    }

    /** The server passes over all that was sent before the next {@code Sync}. */
    private void skipToSync() {
      while (!pending.isEmpty() && pending.peek().kind == Kind.EXECUTE) {
        Exchange skipped = pending.remove().exchange;
        if (skipped != null) {
          exchanges.withdrawn(skipped);
        }
      }
    }

    private void ready(long time) {
      Asked head = pending.peek();
      if (head != null && head.kind == Kind.SIMPLE) {
        pending.remove();
        end(head, Exchange.Outcome.COMPLETE, time);
        return;
      }
      skipToSync();
      if (!pending.isEmpty() && pending.peek().kind == Kind.SYNC) {
        pending.remove();
      }
    }

    @Override
    public void lost() {
      if (ahead) {
        giveUp();
        exchanges.lost("PostgreSQL that sends ahead, after events were lost");
      }
    }
  }
}
