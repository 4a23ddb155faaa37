/* What the charts of an objective show, apart from how it is drawn. */

/** The values of a page: of each point its minute, in seconds since 1970, and what was counted. */
export interface Shown {
  step: number;
  minutes: number[];
  bad: number[];
  total: number[];
  budget: (number | null)[];
  steps: Record<string, number[]>;
}

interface Written {
  from: number;
  step: number;
  bad: number[];
  total: number[];
  budget: (number | null)[];
  steps: Record<string, number[]>;
}

/** Reads what the server wrote: all lists begin at one minute and go on step by step. */
export function parse(text: string): Shown {
  const { from, step, bad, total, budget, steps }: Written = JSON.parse(text);
  const length = Math.max(bad?.length ?? 0, budget?.length ?? 0);
  const minutes = Array.from({ length }, (_, at) => from + at * step * 60);
  return { step, minutes, bad: bad ?? [], total: total ?? [], budget: budget ?? [], steps: steps ?? {} };
}

/** What is special to one of the charts. */
export class Kind {
  private constructor(
    readonly requests: boolean,
    readonly zero: boolean,
    readonly increments: number[],
    readonly tick: (value: number) => string,
    readonly range: (_: unknown, low: number | null, high: number | null) => [number, number],
  ) {}

  static readonly FAILURES = new Kind(
    true,
    false,
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 1e8, 1e9],
    (value) => grouped(value),
    (_, __, high) => [0, Math.max(1, high ?? 1)],
  );

  static readonly BUDGET = new Kind(
    false,
    true,
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1e3],
    (value) => percent(value),
    (_, low) => [Math.min(0, low ?? 0), 1],
  );

  static of(name: string): Kind {
    return name === 'failures' ? Kind.FAILURES : Kind.BUDGET;
  }
}

const grouped = (value: number) => String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** A ratio in whole percent, rounded down as the server does. */
function percent(ratio: number): string {
  const whole = Math.floor(ratio * 100 + 1e-9);
  return `${whole < 0 ? `\u2212${grouped(-whole)}` : grouped(whole)} %`;
}

/** How each list is drawn; of a stack, the highest first, so that the lower ones stand before it. */
export function series(kind: Kind, shown: Shown): { tint: string; line: boolean }[] {
  if (kind === Kind.BUDGET) return [{ tint: 'var(--accent)', line: true }];
  const names = Object.keys(shown.steps);
  if (!names.length) return [{ tint: 'var(--step-0)', line: false }];
  return names.map((_, index) => ({ tint: `var(--step-${index % 6})`, line: false })).reverse();
}

/** The lists to be drawn, the minutes first. */
export function stack(kind: Kind, shown: Shown): (number | null)[][] {
  if (kind === Kind.BUDGET) return [shown.minutes, shown.budget];
  const steps = Object.values(shown.steps);
  if (!steps.length) return [shown.minutes, shown.bad];
  const sums = shown.minutes.map(() => 0);
  const heights = steps.map((counts) => counts.map((count, at) => (sums[at]! += count)));
  return [shown.minutes, ...heights.reverse()];
}

const minute = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 16);

/** What a point says, and from when to when it counts, as the fields of the page have times. */
export function valuesIn(kind: Kind, shown: Shown, at: number): { words: string; from: string; to: string } {
  const start = shown.minutes[at] ?? 0;
  const [from, to] = [minute(start), minute(start + shown.step * 60)];
  const when = `${from.replace('T', ' ')}${shown.step > 1 ? ` to ${to.slice(11)}` : ''} UTC`;
  if (kind === Kind.BUDGET) {
    const left = shown.budget[at];
    return { words: `${when}: ${left === null || left === undefined ? 'not known' : `${percent(left)} left`}`, from, to };
  }
  const parts = Object.entries(shown.steps)
    .filter(([, counts]) => counts[at])
    .map(([name, counts]) => `${name} ${grouped(counts[at]!)}`);
  const failed = `${grouped(shown.bad[at] ?? 0)} of ${grouped(shown.total[at] ?? 0)} requests failed`;
  return { words: `${when}: ${failed}${parts.length ? ` (${parts.join(', ')})` : ''}`, from, to };
}
