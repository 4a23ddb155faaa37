package dev.troth.observe.redis;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Redis on one socket: commands one way, answers the other, in the same order and often many ahead.
 * Nothing in an answer tells which command it is for, so a conversation is read from its first byte
 * on, or from a command that follows an answer after a silence in which every answer had time to
 * come. So it is again after bytes are missing; what was open then is abandoned. Where nobody ever
 * sent ahead, the next command tells as well that the answer before it is over. An answer to
 * nothing proves that it is out of step.
 */
final class RedisConversation implements Conversation {
  private static final int MOST_PENDING = 16_384;
  private static final int BYTES_OF_ONE = 300;
  private static final int MOST_EARLY = 64;

  /** After such a silence no answer is due any more. */
  private static final long SILENCE_NANOS = 100_000_000;

  /** How long a conversation may go on without being read until that is told of. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Exchanges exchanges;
  private final Deque<Exchange> pending = new ArrayDeque<>(2);
  private final Replies commands = new Replies(new CommandReader());
  private final Replies answers = new Replies(new AnswerReader());

  /** Answers that were told of before the commands: on a client another thread may be first. */
  private final List<Segment> early = new ArrayList<>(0);

  private Role role;
  private boolean inStep;
  private boolean first = true;
  private boolean over;
  private int commandsEnd;
  private int answersEnd;
  private int commandsExpected;
  private int answersExpected;
  private long outSince;
  private long last;
  private boolean lastWasAnswer;
  private boolean asked;

  /** Whether a command may have been sent before the answer to another. */
  private boolean ahead;

  /** Whether the end of the one answer that is due was not seen. */
  private boolean cut;

  private long bytes;
  private String database = "0";
  private String selected = "";
  private boolean databaseKnown;

  RedisConversation(Role role, Exchanges exchanges) {
    this.role = role;
    this.exchanges = exchanges;
  }

  @Override
  public void segment(Segment segment) {
    if (over) {
      return;
    }
    boolean command = segment.direction() == role.requests();
    if (inStep) {
      pass(segment, command);
    } else {
      await(segment, command);
    }
    first = false;
    last = segment.time();
    boolean asks = segment.direction() == role.requests();
    lastWasAnswer = !asks;
    asked |= asks;
    if (asks) {
      commandsEnd = segment.end();
    } else {
      answersEnd = segment.end();
    }
  }

  private void await(Segment segment, boolean command) {
    if (outSince == 0) {
      outSince = segment.time();
    }
    boolean isCommand = Commands.begins(segment);
    if (command && !isCommand && segment.captured() > 0 && isAnswer(segment.bytes()[0])) {
      role = Role.ofRequest(segment.direction().opposite()); // taken for the other side
      asked = false;
      return;
    }
    // Nothing passed unseen since the last command and the last answer.
    boolean whole = segment.position() == commandsEnd && segment.opposite() == answersEnd;
    boolean silent = asked && whole && lastWasAnswer && segment.time() - last > SILENCE_NANOS;
    if (command && isCommand && ((first && segment.fresh()) || silent)) {
      inStep = true;
      databaseKnown = first;
      ahead = !first;
      commands.begin();
      answers.begin();
      commandsExpected = segment.position();
      answersExpected = segment.opposite();
      pass(segment, true);
    }
  }

  private static boolean isAnswer(byte first) {
    return "+-:".indexOf(first) >= 0;
  }

  private void pass(Segment segment, boolean command) {
    if (!command && segment.opposite() - commandsExpected > 0 && role == Role.CLIENT) {
      early.add(segment.copy());
      if (early.size() > MOST_EARLY) {
        outOfStep();
      }
      return;
    }
    read(segment, command);
    while (inStep && !early.isEmpty() && early.getFirst().opposite() - commandsExpected <= 0) {
      read(early.removeFirst(), false);
    }
  }

  private void read(Segment segment, boolean command) {
    int gap = segment.position() - (command ? commandsExpected : answersExpected);
    if (gap < 0) {
      return; // told of before
    }
    if (command && cut) {
      cut = false;
      endCut(last);
      answers.begin();
      answersExpected = segment.opposite();
    }
    Replies side = command ? commands : answers;
    if (gap > 0) {
      side.skip(gap, segment.time());
    }
    if (command) {
      commandsExpected = segment.end();
    } else {
      answersExpected = segment.end();
    }
    if (inStep) {
      side.read(segment);
    }
  }

  @Override
  public void tick(long now) {
    if (!over && !inStep && outSince != 0 && now - outSince > PATIENCE_NANOS) {
      passedOver();
      outSince = now;
    }
  }

  private void passedOver() {
    exchanges.passedOver("Redis without its beginning or with bytes missing: some commands");
  }

  @Override
  public void closed(long time, boolean wholly) {
    if (over || (role == Role.CLIENT && !wholly)) {
      return;
    }
    if (cut) {
      endCut(last);
    }
    if (!inStep && outSince != 0) {
      passedOver();
    }
    pending.forEach(exchange -> end(exchange, Exchange.Outcome.ABORTED, time));
    pending.clear();
  }

  private void endCut(long time) {
    Exchange exchange = pending.poll();
    if (exchange != null) {
      end(exchange, Exchange.Outcome.HEAD_ONLY, time);
    }
  }

  @Override
  public void giveUp() {
    over = true;
    outOfStep();
  }

  @Override
  public int held() {
    return pending.size() * BYTES_OF_ONE
        + commands.held()
        + answers.held()
        + early.stream().mapToInt(Segment::captured).sum();
  }

  /** From here on it is not known which answer is for which command. */
  private void outOfStep() {
    inStep = false;
    cut = false;
    outSince = last;
    asked = false;
    databaseKnown = false;
    early.clear();
    commands.stop();
    answers.stop();
    pending.forEach(exchanges::abandoned);
    pending.clear();
  }

  private void end(Exchange exchange, Exchange.Outcome outcome, long time) {
    exchange.ended(outcome, time, bytes);
    exchanges.ended(exchange);
    bytes = 0;
  }

  private final class CommandReader implements Replies.Receiver {
    private Place place = Place.NONE;
    private @Nullable String name;
    private String argument = "";

    @Override
    public void began(char type, Place at) {
      place = at;
      name = null;
      argument = "";
      if (type != '*') {
        outOfStep(); // a command in words, as a person types it
      }
    }

    @Override
    public void text(int index, String text) {
      if (index == 0) {
        name = text;
      } else {
        argument = text;
      }
    }

    @Override
    public void ended(long time) {
      if (!inStep || name == null) {
        return;
      }
      Optional<String> known = Commands.name(name);
      String operation = known.orElse("other");
      if (Commands.isWithoutAnswers(operation, argument)) {
        giveUp();
        exchanges.lost("Redis that tells instead of answering, as of " + operation);
        return;
      }
      Facts facts =
          new Facts.Database("redis", databaseKnown ? database : "", operation, "", operation, "");
      Exchange exchange = new Exchange(role, place, facts, null);
      exchanges.began(exchange);
      ahead |= !pending.isEmpty();
      pending.add(exchange);
      if (operation.equals("SELECT")) {
        selected = argument;
        databaseKnown = false; // until it is answered
      } else if (operation.equals("RESET")) {
        databaseKnown = false;
      }
      if (pending.size() > MOST_PENDING) {
        giveUp();
        exchanges.lost("Redis with more than " + MOST_PENDING + " open commands");
      }
    }

    @Override
    public void lost() {
      outOfStep();
    }
  }

  private final class AnswerReader implements Replies.Receiver {
    private char type;

    @Override
    public void began(char kind, Place at) {
      type = kind;
      if (kind == '>') {
        return; // told unasked
      }
      Exchange exchange = pending.peek();
      if (exchange == null) {
        exchanges.passedOver("Redis out of step: an answer to no command");
        outOfStep();
      } else {
        exchange.responded(exchange.facts(), at);
      }
    }

    @Override
    public void text(int index, String text) {
      Exchange exchange = pending.peek();
      if ((type == '-' || type == '!')
          && index == 0
          && exchange != null
          && exchange.facts() instanceof Facts.Database facts) {
        String code = text.split(" ", 2)[0];
        exchange.learned(
            facts.failed(code.matches("[A-Z][A-Z0-9_]{1,31}") ? code : Facts.Database.SOME_ERROR));
      }
    }

    @Override
    public void ended(long time) {
      if (inStep && type != '>') {
        Exchange exchange = pending.poll();
        if (exchange != null) {
          select(exchange);
          end(exchange, Exchange.Outcome.COMPLETE, time);
        }
      }
    }

    private void select(Exchange exchange) {
      if (exchange.facts() instanceof Facts.Database facts
          && facts.operation().equals("SELECT")
          && facts.error().isEmpty()
          && selected.matches("[0-9]{1,5}")) {
        database = selected;
        databaseKnown = true;
      }
    }

    @Override
    public void lost() {
      Exchange exchange = pending.peek();
      boolean alone = !ahead && !commands.isWithin();
      cut = alone && type != '>' && exchange != null && exchange.hasResponse();
      if (!cut) {
        outOfStep();
      }
    }
  }
}
