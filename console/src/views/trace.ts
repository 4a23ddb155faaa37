import type { Span, State } from '../state/model';
import { slots, view } from '../state/view';
import { duration } from './words';

/** Rows that are written into the page; the others need the island. */
export const PAINTED_ROWS = 60;
/** Pixels a row takes, as in traces.css. */
export const ROW_HEIGHT = 32;
const DEEPEST = 12;

/** A trace as a waterfall reads it: indices in the order of rows, and how deep each is nested. */
export interface Waterfall {
  spans: Span[];
  order: Int32Array;
  depth: Uint8Array;
  micros: number;
}

/**
 * Orders spans parents first, siblings by start. A span whose parent is not here, or that is its
 * own ancestor, stands at the top: nothing that arrived is hidden.
 */
export function layOut(spans: Span[]): Waterfall {
  const index = new Map(spans.map((span, at) => [span.id, at]));
  const children = new Map<number, number[]>();
  const tops: number[] = [];
  spans.forEach((span, at) => {
    const parent = index.get(span.parent);
    if (parent === undefined || parent === at) tops.push(at);
    else (children.get(parent) ?? children.set(parent, []).get(parent)!).push(at);
  });
  const byStart = (a: number, b: number) => spans[a]!.startMicros - spans[b]!.startMicros || a - b;
  const order = new Int32Array(spans.length);
  const depth = new Uint8Array(spans.length);
  const seen = new Uint8Array(spans.length);
  let row = 0;
  const walk = (from: number[]) => {
    const stack = from.sort(byStart).reverse().map((at) => [at, 0] as [number, number]);
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [at, deep] = next;
      if (seen[at]) continue;
      seen[at] = 1;
      order[row] = at;
      depth[row++] = Math.min(deep, DEEPEST);
      const below = (children.get(at) ?? []).sort(byStart);
      for (let i = below.length - 1; i >= 0; i--) stack.push([below[i]!, deep + 1]);
    }
  };
  walk(tops);
  // Only cycles are left: begin each at its earliest span.
  for (const at of spans.map((_, i) => i).sort(byStart)) if (!seen[at]) walk([at]);
  const micros = spans.reduce((end, span) => Math.max(end, span.startMicros + span.durationMicros), 1);
  return { spans, order, depth, micros };
}

/** A part of the whole in percent with two digits, rounded down: `12.50%`. */
export function part(of: number, whole: number): string {
  const hundredths = Math.floor((Math.max(0, of) * 10_000) / whole);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
}

/** The rows from one index on. */
export function rowsOf(waterfall: Waterfall, from: number, count: number) {
  const { order, depth, spans, micros } = waterfall;
  return Array.from(order.subarray(from, from + count), (at, i) => {
    const span = spans[at]!;
    return {
      key: String(at),
      name: span.name,
      service: span.service,
      kind: span.kind,
      detail: span.detail,
      took: duration(span.durationMicros),
      x: part(span.startMicros, micros),
      width: part(span.durationMicros, micros),
      depth: String(depth[from + i]),
      status: span.error ? 'error' : 'ok',
    };
  });
}

export type Row = ReturnType<typeof rowsOf>[number];

export function selectTrace({ spans = [] }: State) {
  const waterfall = layOut(spans);
  const below = Math.max(0, spans.length - PAINTED_ROWS);
  return {
    end: duration(waterfall.micros),
    middle: duration(Math.floor(waterfall.micros / 2)),
    below: String(below * ROW_HEIGHT),
    spans: rowsOf(waterfall, 0, PAINTED_ROWS),
  };
}

export const trace = view(selectTrace, {
  ...slots('waterfall.', 'end', 'middle', 'below'),
  spans: [slots('', 'key', 'name', 'service', 'kind', 'detail', 'took', 'x', 'width', 'depth', 'status') as Row],
});
