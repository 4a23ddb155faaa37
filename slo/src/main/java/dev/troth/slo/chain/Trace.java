package dev.troth.slo.chain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The spans of one trace as far as chains need them, and what its requests counted as. */
final class Trace {
  private static final long BYTES = 400;
  private static final long BYTES_EACH_CHAIN = 250;
  private static final long BYTES_EACH_SPAN = 130;

  private final String id;
  private final long arrival;
  private final List<Chain> chains;
  private final Assignment assignment = new Assignment();
  private final List<List<Seen>> seen = new ArrayList<>();
  private final List<Map<Long, Verdict>> verdicts = new ArrayList<>();
  private int kept;
  private long texts;
  private boolean related;
  private boolean cut;
  private long opened;

  Trace(String id, long arrival, List<Chain> chains) {
    this.id = id;
    this.arrival = arrival;
    this.opened = arrival;
    this.chains = chains;
    for (int i = 0; i < chains.size(); i++) {
      seen.add(new ArrayList<>(0));
      verdicts.add(new HashMap<>(2));
    }
  }

  String id() {
    return id;
  }

  long arrival() {
    return arrival;
  }

  /** When its first span of a step arrived. */
  long opened() {
    return opened;
  }

  boolean knows(Span span) {
    return assignment.knows(span.ids().span());
  }

  /** Keeps of a span what each chain needs: all if it is of a step, else who called it. */
  void add(Span span, long arrivalMillis) {
    boolean before = related;
    var ids = new Span.Ids(id, span.ids().span(), span.ids().parent());
    assignment.link(ids);
    for (int i = 0; i < chains.size(); i++) {
      Chain chain = chains.get(i);
      Seen one = Seen.of(ids, span, chain);
      related |= one.step() >= 0;
      if (one.step() >= 0 || chain.measuresOutside()) {
        seen.get(i).add(one);
        kept++;
        texts += 2L * one.group().length();
      }
    }
    opened = related && !before ? arrivalMillis : opened;
  }

  /** Some of its spans could not be kept; false if that was known. */
  boolean cut() {
    boolean was = cut;
    cut = true;
    return !was;
  }

  /** Whether any span is of a step of any chain. */
  boolean isRelated() {
    return related;
  }

  /** Whether it counted as a request. */
  boolean isRequest() {
    return verdicts.stream().anyMatch(each -> !each.isEmpty());
  }

  /** What it takes, as an estimate; {@code kept} counts a span once for each chain. */
  long bytes() {
    return BYTES
        + BYTES_EACH_CHAIN * chains.size()
        + BYTES_EACH_SPAN * kept
        + texts
        + assignment.bytes();
  }

  /** Judges its requests and tells what has changed. */
  void judge(Weights weights, Requests.Sink sink) {
    for (int i = 0; i < chains.size(); i++) {
      int chain = i;
      assignment
          .requests(seen.get(i))
          .forEach((entry, spans) -> {
            Map<Long, Verdict> known = verdicts.get(chain);
            @Nullable Verdict before = known.get(entry);
            Verdict judged = Judge.judgeRequest(chains.get(chain), spans, cut);
            Verdict after =
                judged.counting(
                    before != null ? (long) before.weight() : weights.whole(chain, judged));
            if (!after.equals(before)) {
              known.put(entry, after);
              sink.judged(chain, before, after);
            }
          });
    }
  }
}
