import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replica, type Operation } from '../../src/state/replica';

interface Counter {
  epoch: string;
  rev: number;
  total: number;
}

const LIMIT = 10;
const add = (id: string): Operation<Counter> => ({
  id,
  apply: (state) => (state.total >= LIMIT ? state : { ...state, total: state.total + 1 }),
});

function replicaOf(start: Counter) {
  let shown = start;
  let pending = 0;
  const replica = new Replica<Counter>(start, (state, count) => {
    shown = state;
    pending = count;
  });
  return { replica, shown: () => shown, pending: () => pending };
}

describe('a replica', () => {
  it('shows an operation at once, and the server\'s answer after it', () => {
    const { replica, shown, pending } = replicaOf({ epoch: 'a', rev: 1, total: 3 });
    replica.begin(add('x'));
    expect([shown().total, pending()]).toEqual([4, 1]);
    replica.settle('x', { epoch: 'a', rev: 2, total: 9 });
    expect([shown().total, pending()]).toEqual([9, 0]);
  });

  it('takes back what the server refused', () => {
    const { replica, shown } = replicaOf({ epoch: 'a', rev: 1, total: 3 });
    replica.begin(add('x'));
    replica.settle('x');
    expect(shown().total).toBe(3);
  });

  it('replays what is pending on what the server sends meanwhile', () => {
    const { replica, shown } = replicaOf({ epoch: 'a', rev: 1, total: 3 });
    replica.begin(add('x'));
    replica.adopt({ epoch: 'a', rev: 5, total: 7 });
    expect(shown().total).toBe(8);
  });

  it('drops states that were overtaken, and takes another epoch whatever its revision', () => {
    const { replica, shown } = replicaOf({ epoch: 'a', rev: 9, total: 3 });
    replica.adopt({ epoch: 'a', rev: 8, total: 5 });
    expect(shown().total).toBe(3);
    replica.adopt({ epoch: 'b', rev: 1, total: 6 });
    expect(shown().total).toBe(6);
  });

  it('ends where the server is, in whatever order answers and states arrive', () => {
    const steps = fc.array(fc.record({ ok: fc.boolean(), late: fc.boolean(), elsewhere: fc.nat(2) }), { maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.nat()), (script, dice) => {
        let server: Counter = { epoch: 'a', rev: 0, total: 0 };
        const { replica, shown, pending } = replicaOf(server);
        const onTheWay: (() => void)[] = [];
        script.forEach(({ ok, late, elsewhere }, index) => {
          const id = String(index);
          replica.begin(add(id));
          const accepted = ok && server.total < LIMIT;
          server = { ...server, rev: server.rev + 1 + elsewhere, total: accepted ? server.total + 1 : server.total };
          const answer = server;
          const arrive = () => (accepted ? replica.settle(id, answer) : replica.settle(id));
          if (late) onTheWay.push(arrive);
          else arrive();
          if (elsewhere) onTheWay.push(() => replica.adopt(answer));
        });
        while (onTheWay.length) onTheWay.splice(dice.next().value % onTheWay.length, 1)[0]!();
        replica.adopt(server);
        expect(shown()).toEqual(server);
        expect(pending()).toBe(0);
        expect(shown().total).toBeLessThanOrEqual(LIMIT);
      }),
    );
  });
});
