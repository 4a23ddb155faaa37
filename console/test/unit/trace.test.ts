import { describe, expect, it } from 'vitest';
import type { Span } from '../../src/state/model';
import { layOut, PAINTED_ROWS, part, rowsOf } from '../../src/views/trace';

const span = (id: string, parent: string, startMicros: number, durationMicros = 10): Span => ({
  id, parent, startMicros, durationMicros, service: 's', name: id, kind: 'server', error: false, detail: '',
});
const names = (spans: Span[]) => rowsOf(layOut(spans), 0, spans.length).map((row) => `${row.depth}${row.name}`);

describe('a waterfall', () => {
  it('puts children below their parents, siblings by start', () => {
    expect(names([span('c', 'a', 30), span('b', 'a', 20), span('a', '', 0), span('d', 'b', 25)])).toEqual(['0a', '1b', '2d', '1c']);
  });

  it('hides nothing: strangers and circles stand at the top', () => {
    expect(names([span('x', 'gone', 5), span('a', 'b', 1), span('b', 'a', 2), span('s', 's', 0)])).toEqual(['0s', '0x', '0a', '1b']);
  });

  it('gives 100,000 spans one window at a time', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => span(String(i), i ? String((i - 1) >> 1) : '', i));
    const waterfall = layOut(many);
    expect(waterfall.order).toHaveLength(many.length);
    expect(rowsOf(waterfall, 99_990, PAINTED_ROWS)).toHaveLength(10);
  });

  it.each([[0, 3, '0.00%'], [1, 3, '33.33%'], [3, 3, '100.00%'], [-1, 3, '0.00%']])('%i of %i is %s', (of, whole, text) =>
    expect(part(of, whole)).toBe(text),
  );
});
