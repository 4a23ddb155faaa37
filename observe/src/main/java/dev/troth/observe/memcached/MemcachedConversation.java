package dev.troth.observe.memcached;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Memcached on one socket: commands one way, answers the other, in the same order. What is missing
 * gives up the open commands, and a client that sends ahead for good.
 */
final class MemcachedConversation implements Conversation {
  private static final int MOST_PENDING = 4_096;
  private static final int BYTES_OF_ONE = 300;

  private final Role role;
  private final Exchanges exchanges;
  private final Deque<Exchange> pending = new ArrayDeque<>(2);
  private final Lines commands = new Lines(new Commands());
  private final Lines answers = new Lines(new Answers());
  private int commandsExpected;
  private int answersExpected;
  private boolean seen;
  private boolean ahead;
  private boolean over;
  private long bytes;

  MemcachedConversation(Role role, Exchanges exchanges) {
    this.role = role;
    this.exchanges = exchanges;
  }

  @Override
  public void segment(Segment segment) {
    if (over) {
      return;
    }
    boolean command = segment.direction() == role.requests();
    if (!seen && !command) {
      return; // the answer to what was not seen
    }
    if (!seen || (command && (commands.isLost() || answers.isLost()))) {
      if (!Command.begins(segment.bytes(), segment.captured())) {
        return;
      }
      seen = true;
      abandonAll();
      commands.resume();
      answers.resume();
      commandsExpected = segment.position();
      answersExpected = segment.opposite();
    }
    Lines lines = command ? commands : answers;
    int gap = segment.position() - (command ? commandsExpected : answersExpected);
    if (gap < 0) {
      return;
    }
    if (gap > 0) {
      lines.skip(gap);
    }
    commandsExpected = command ? segment.end() : commandsExpected;
    answersExpected = command ? answersExpected : segment.end();
    if (!over) {
      lines.read(segment);
    }
  }

  @Override
  public void tick(long now) {}

  @Override
  public void closed(long time, boolean wholly) {
    if (over || (role == Role.CLIENT && !wholly)) {
      return;
    }
    pending.forEach(exchange -> end(exchange, Exchange.Outcome.ABORTED, time));
    pending.clear();
  }

  @Override
  public void giveUp() {
    over = true;
    abandonAll();
  }

  @Override
  public int held() {
    return pending.size() * BYTES_OF_ONE + commands.held() + answers.held();
  }

  private void abandonAll() {
    pending.forEach(exchanges::abandoned);
    pending.clear();
  }

  private void lost() {
    abandonAll();
    if (ahead) {
      giveUp();
      exchanges.lost("memcached that sends ahead, after events were lost");
    }
  }

  private void end(Exchange exchange, Exchange.Outcome outcome, long time) {
    exchange.ended(outcome, time, bytes);
    exchanges.ended(exchange);
    bytes = 0;
  }

  private final class Commands implements Lines.Receiver {
    @Override
    public int line(String line, Place place, long time) {
      Optional<Command> command = Command.of(line);
      if (command.isEmpty()) {
        return 0;
      }
      String operation = command.get().operation();
      Facts facts = new Facts.Database("memcached", "", operation, "", operation, "");
      Exchange exchange = new Exchange(role, place, facts, null);
      exchanges.began(exchange);
      if (command.get().answered()) {
        ahead |= !pending.isEmpty();
        pending.add(exchange);
        if (pending.size() > MOST_PENDING) {
          giveUp();
          exchanges.lost("memcached with more than " + MOST_PENDING + " open commands");
        }
      } else {
        end(exchange, Exchange.Outcome.COMPLETE, time);
      }
      return command.get().data();
    }

    @Override
    public boolean ends(byte[] tail, long time) {
      return false;
    }

    @Override
    public void lost() {
      MemcachedConversation.this.lost();
    }
  }

  private final class Answers implements Lines.Receiver {
    @Override
    public int line(String line, Place place, long time) {
      Exchange exchange = pending.peek();
      if (exchange == null || !(exchange.facts() instanceof Facts.Database facts)) {
        return 0;
      }
      boolean failed = line.startsWith("ERROR") || line.contains("_ERROR");
      if (!exchange.hasResponse()) {
        exchange.responded(facts, place);
      }
      if (failed) {
        exchange.learned(facts.failed(line.split(" ", 2)[0]));
      }
      String[] words = line.split(" ", -1);
      if (words[0].equals("VALUE") && words.length > 3 && words[3].matches("[0-9]{1,9}")) {
        int length = Integer.parseInt(words[3]) + 2;
        bytes += length;
        return length;
      }
      boolean several = facts.operation().equals("stats") && words[0].equals("STAT");
      if (!several) {
        pending.remove();
        end(exchange, Exchange.Outcome.COMPLETE, time);
      }
      return 0;
    }

    @Override
    public boolean ends(byte[] tail, long time) {
      boolean end = new String(tail, StandardCharsets.US_ASCII).endsWith("\r\nEND\r\n");
      if (end && pending.size() == 1) {
        end(pending.remove(), Exchange.Outcome.COMPLETE, time);
        return true;
      }
      return false;
    }

    @Override
    public void lost() {
      MemcachedConversation.this.lost();
    }
  }
}
