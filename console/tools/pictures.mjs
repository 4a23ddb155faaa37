// Takes pictures of every page of a running console, both themes, wide and narrow, as WebP:
// node tools/pictures.mjs BASE OUT. Says what does not fit and what the browser complains of.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { launchOptions } from './browser.mjs';

const [base, out] = process.argv.slice(2);
/** As much of a page as anybody looks at in a picture. */
const HIGHEST = 2_000;

const json = async (path) => (await fetch(base + path)).json();
const first = async (path, pick) => pick(await json(path)) ?? fail(`${base}${path} has nothing to show`);
function fail(why) {
  throw new Error(why);
}

const objective = await first('/api/objectives', ({ objectives }) => objectives[0]?.name);
const trace = await first('/api/traces?status=error&limit=1', ({ traces }) => traces[0]?.id);
const contract = await first('/registry/subjects', (subjects) => subjects[0]);
const change = await first('/api/subjects/changes?target=contract/*', ({ items }) => items[0]?.seq);
const span = (await json(`/api/traces/${trace}`)).spans.find(({ status }) => status === 'error')?.id ?? '';

/** Every page, by the name of its picture. */
const PAGES = {
  overview: '/',
  objectives: '/objectives',
  objective: `/objectives/${objective}`,
  incidents: '/incidents',
  traces: '/traces',
  trace: `/traces/${trace}?span=${span}`,
  map: '/map',
  contracts: '/contracts',
  contract: `/contracts/${contract}`,
  gate: '/gate',
  search: '/search?q=o',
  record: '/records/1',
  subject: '/subjects/contract/*',
  change: `/changes/${change}`,
  inbox: '/inbox',
  watches: '/watches',
  oncall: '/oncall',
  sources: '/sources',
  settings: '/settings',
  audit: '/audit',
  login: '/login',
  lost: '/nowhere',
};

mkdirSync(out, { recursive: true });
const browser = await chromium.launch(launchOptions);
const encoder = await browser.newPage();
/** Chromium packs a picture itself. */
async function webp(png) {
  const url = await encoder.evaluate(async (data) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${data}`;
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
    canvas.getContext('2d').drawImage(picture, 0, 0);
    return canvas.toDataURL('image/webp', 0.6);
  }, png.toString('base64'));
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
let bytes = 0;
for (const width of [1440, 390]) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height: width > 800 ? 900 : 844 }, colorScheme });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`${page.url()}: ${error.message}`));
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(base + path);
      // Twice: fonts that are not there in time are used from the next page on.
      await page.reload();
      await page.waitForFunction(() => !document.querySelector('astro-island[ssr]'));
      for (const chart of await page.locator('[data-chart]:visible').all()) {
        await chart.scrollIntoViewIfNeeded();
        await chart.locator('canvas').waitFor();
      }
      await page.evaluate(async () => {
        scrollTo(0, 0);
        await document.fonts.ready;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      });
      const { wide, high } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth - innerWidth,
        high: document.documentElement.scrollHeight,
      }));
      if (wide > 0) console.error(`${path} is ${wide} px wider than ${width}`);
      const png = await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(high, HIGHEST) } });
      const file = `${out}/${name}-${colorScheme}-${width}.webp`;
      writeFileSync(file, await webp(png));
      bytes += statSync(file).size;
    }
    await context.close();
  }
}
await browser.close();
console.log(`${Object.keys(PAGES).length * 4} pictures, ${Math.round(bytes / 1024)} KB`);
