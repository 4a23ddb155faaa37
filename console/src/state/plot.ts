import uPlot from 'uplot';
import { Kind, type Shown, parse, series, stack, valuesIn } from './series';

/* One chart drawn by uPlot in the place of its SVG, a slider along time for those who use a keyboard. */
const HEIGHT = 208;
const FONT = '12px Geist, system-ui, sans-serif';
const LEAP = 10;

/** The colour of a style sheet's expression, resolved for the theme in which the element is shown. */
function colour(of: HTMLElement, expression: string): string {
  const probe = document.createElement('span');
  probe.style.color = expression;
  of.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

function options(chart: HTMLElement, kind: Kind, shown: Shown, width: number): uPlot.Options {
  const paint = (expression: string) => () => colour(chart, expression);
  const axis: uPlot.Axis = {
    stroke: paint('var(--muted)'),
    font: FONT,
    grid: { stroke: paint('var(--line)'), width: 1 },
    ticks: { stroke: paint('var(--line)'), width: 1, size: 4 },
  };
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, points: { size: 8 }, drag: { x: true, y: false } },
    scales: { x: { time: true }, y: { range: kind.range } },
    axes: [
      { ...axis, space: 72, size: 32, values: times },
      { ...axis, space: 32, size: 56, incrs: kind.increments, values: (_, ticks) => ticks.map(kind.tick) },
    ],
    series: [{}, ...series(kind, shown).map(({ tint, line }) => ({
      stroke: paint(tint),
      width: line ? 2 : 0,
      points: { show: false },
      spanGaps: false,
      ...(line ? {} : { fill: paint(tint), paths: uPlot.paths.bars!({ size: [0.9, 64, 1], align: 0 }) }),
    }))],
    hooks: { draw: kind.zero ? [zero(chart)] : [] },
  };
}

/** Times of the axis: of a day the hour, and the date where a day begins. */
function times(_: uPlot, ticks: number[]): string[] {
  return ticks.map((seconds) => {
    const text = new Date(seconds * 1_000).toISOString();
    return text.slice(11, 16) === '00:00' ? text.slice(5, 10) : text.slice(11, 16);
  });
}

/** The line of a budget used up. */
function zero(chart: HTMLElement) {
  return (drawn: uPlot) => {
    const { ctx, bbox } = drawn;
    const y = drawn.valToPos(0, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    ctx.save();
    ctx.strokeStyle = colour(chart, 'var(--bad)');
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  };
}

/** Draws a chart, and again whenever its values, its width or the theme change. */
export function plot(chart: HTMLElement): void {
  const kind = Kind.of(chart.dataset.chart!);
  const box = chart.querySelector<HTMLElement>('.plot')!;
  const values = chart.querySelector<HTMLElement>('.values')!;
  let shown = parse(chart.dataset.series!);
  let chosen = -1;
  // From here on renewals of the page leave what is in the chart alone: it is drawn from the attributes.
  chart.dataset.drawn = 'yes';
  const drawn = new uPlot(options(chart, kind, shown, box.clientWidth), stack(kind, shown) as uPlot.AlignedData, box);
  drawn.root.setAttribute('aria-hidden', 'true');

  function say(): void {
    const last = shown.minutes.length - 1;
    const at = chosen < 0 ? last : Math.min(chosen, last);
    const { words, from, to } = valuesIn(kind, shown, at);
    box.setAttribute('aria-label', chart.dataset.label!);
    box.setAttribute('aria-valuemin', '0');
    box.setAttribute('aria-valuemax', String(last));
    box.setAttribute('aria-valuenow', String(at));
    box.setAttribute('aria-valuetext', words);
    const text = document.createElement('span');
    text.textContent = words;
    values.replaceChildren(text);
    if (kind.requests && shown.bad[at]) {
      const link = document.createElement('a');
      const query = new URLSearchParams({ from, to });
      const here = new URLSearchParams(location.search);
      for (const kept of ['range', 'at']) {
        if (here.get(kept)) query.set(kept, here.get(kept)!);
      }
      link.href = `?${query}#bad`;
      link.textContent = 'these requests';
      values.append(' ', link);
    }
  }

  function choose(index: number): void {
    chosen = Math.max(0, Math.min(shown.minutes.length - 1, index));
    drawn.setCursor({ left: drawn.valToPos(shown.minutes[chosen]!, 'x'), top: 0 }, false);
    say();
  }

  box.tabIndex = 0;
  box.setAttribute('role', 'slider');
  say();
  box.addEventListener('keydown', (event) => {
    const at = chosen < 0 ? shown.minutes.length - 1 : chosen;
    const to: Record<string, number> = {
      ArrowLeft: at - 1, ArrowRight: at + 1, ArrowDown: at - 1, ArrowUp: at + 1,
      PageDown: at - LEAP, PageUp: at + LEAP, Home: 0, End: shown.minutes.length - 1,
    };
    if (event.key === 'Enter') values.querySelector('a')?.click();
    if (!(event.key in to) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(to[event.key]!);
  });
  drawn.over.addEventListener('mousemove', () => {
    const index = drawn.cursor.idx;
    if (index === null || index === undefined || index === chosen) return;
    chosen = index;
    say();
  });

  const again = () => drawn.redraw(false, true);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  void document.fonts.ready.then(again);
  new ResizeObserver(() => {
    if (box.clientWidth) drawn.setSize({ width: box.clientWidth, height: HEIGHT });
  }).observe(box);
  new MutationObserver(() => {
    const newest = chosen < 0 || chosen === shown.minutes.length - 1;
    const minute = shown.minutes[chosen];
    shown = parse(chart.dataset.series!);
    drawn.setData(stack(kind, shown) as uPlot.AlignedData);
    // The reader stays at the minute that was chosen, or at the newest.
    if (chosen >= 0) choose(newest ? shown.minutes.length - 1 : shown.minutes.indexOf(minute!));
    else say();
  }).observe(chart, { attributeFilter: ['data-series'] });
}
