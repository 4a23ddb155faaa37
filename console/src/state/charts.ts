/*
 * Charts that can be read by pointer and by keyboard. The page comes with their shapes as SVG; what draws them
 * with axes is fetched when one of them is about to be seen. The values stand in the page, so a chart says what
 * the page says, and moves when its part of the page is renewed.
 */
const AHEAD = '400px';

const charts = () => [...document.querySelectorAll<HTMLElement>('[data-chart]')];

async function draw(chart: HTMLElement): Promise<void> {
  const { plot } = await import('./plot');
  plot(chart);
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      void draw(target as HTMLElement);
    }
  },
  { rootMargin: AHEAD },
);

// One without values is not displayed, and is seen as soon as it has some.
charts().forEach((chart) => near.observe(chart));
