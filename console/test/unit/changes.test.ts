import { describe, expect, it } from 'vitest';
import { applyChange, valueOf, type Change } from '../../src/state/changes';
import { SHOWN_CHANGES, type State } from '../../src/state/model';

const state: State = {
  epoch: 'a',
  rev: 4,
  now: '2026-03-01T12:00:00Z',
  me: { subject: 'ada', role: 'member' },
  head: { unread: 0, watches: 0, burning: 0 },
  record: { id: '1', name: 'Demo Record', value: 'old', version: 2, watch: '', changes: [] },
};
const change: Change = {
  seq: 5, subject: 'record/1', version: 3, type: 'record.updated', actor: 'bob',
  before: { value: 'old' }, after: { value: 'new' }, at: '2026-03-01T12:00:05Z',
};

describe('a change', () => {
  it('brings a record its value, its version and a line of its history', () => {
    const { record, now } = applyChange(state, change);
    expect([record?.value, record?.version, now]).toEqual(['new', 3, change.at]);
    expect(record?.changes).toEqual([{ seq: 5, actor: 'bob', before: 'old', after: 'new', at: change.at }]);
  });

  it('leaves a page alone that shows something else, or has it already', () => {
    expect(applyChange(state, { ...change, subject: 'record/2' })).toBe(state);
    expect(applyChange(state, { ...change, version: 2 })).toBe(state);
  });

  it('keeps a bounded history', () => {
    let now = state;
    for (let i = 1; i <= SHOWN_CHANGES + 5; i++) now = applyChange(now, { ...change, seq: 4 + i, version: 2 + i });
    expect(now.record?.changes).toHaveLength(SHOWN_CHANGES);
    expect(now.record?.changes[0]?.seq).toBe(4 + SHOWN_CHANGES + 5);
  });

  it.each([[{ value: 7 }, '7'], ['bare', 'bare'], [null, ''], [{}, ''], [undefined, '']])('reads %j as %j', (side, value) =>
    expect(valueOf(side)).toBe(value),
  );
});
