// A line for bench/all, where it asks for one.
import { appendFileSync } from 'node:fs';

/** Our figure and the peer's, if there is one with its name and version; the rounds, from which the spread is taken. */
export function figure(key, ours, unit, { peer, name, rounds } = {}) {
  const file = process.env.BENCH_FIGURES;
  if (!file) return;
  const spread = rounds?.length > 1 ? `${shown(Math.min(...rounds))} to ${shown(Math.max(...rounds))}` : '-';
  appendFileSync(file, [key, ours, peer ?? '-', unit, name ?? '-', spread].join('\t') + '\n');
}

const shown = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
