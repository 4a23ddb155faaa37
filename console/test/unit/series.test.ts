import { expect, test } from 'vitest';
import { Kind, parse, series, stack, valuesIn } from '../../src/state/series';

const START = Date.parse('2026-03-01T12:00:00Z') / 1_000;
const written = (values: object) => parse(JSON.stringify({ from: START, step: 1, ...values }));

test('steps stand on each other, the highest first, and each says its own number', () => {
  const shown = written({ total: [9, 1_200], bad: [3, 5], steps: { table: [1, 0], bus: [2, 5] } });
  expect(shown.minutes).toEqual([START, START + 60]);
  expect(stack(Kind.FAILURES, shown)).toEqual([shown.minutes, [3, 5], [1, 0]]);
  expect(series(Kind.FAILURES, shown).map(({ tint }) => tint)).toEqual(['var(--step-1)', 'var(--step-0)']);
  expect(valuesIn(Kind.FAILURES, shown, 0).words).toBe('2026-03-01 12:00 UTC: 3 of 9 requests failed (table 1, bus 2)');
  expect(valuesIn(Kind.FAILURES, shown, 1).words).toBe('2026-03-01 12:01 UTC: 5 of 1,200 requests failed (bus 5)');
});

test('a point of several minutes names its end, and leads to all of them', () => {
  const { words, from, to } = valuesIn(Kind.FAILURES, written({ step: 10, total: [1], bad: [1], steps: {} }), 0);
  expect(words).toBe('2026-03-01 12:00 to 12:10 UTC: 1 of 1 requests failed');
  expect([from, to]).toEqual(['2026-03-01T12:00', '2026-03-01T12:10']);
});

test('what is not known of a budget is said, and never drawn as zero', () => {
  const shown = written({ budget: [null, 0.98999, -12.345] });
  expect(stack(Kind.BUDGET, shown)[1]).toEqual([null, 0.98999, -12.345]);
  expect([0, 1, 2].map((at) => valuesIn(Kind.BUDGET, shown, at).words.split('UTC: ')[1])).toEqual(['not known', '98 % left', '\u22121,235 % left']);
});
