// How checks in a browser are written: tabs that remember what no user wants to see, and one line a
// check, "ok NAME" or "not ok NAME: REASON", which the server's tests read.
import { chromium } from 'playwright-core';
import { launchOptions } from '../../tools/browser.mjs';

export const base = process.argv[2];
export const browser = await chromium.launch(launchOptions);
let troubles = [];

/** A tab that remembers everything a user would not want to see. */
export async function tab(context, path, before = async () => {}) {
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.shifts = [];
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        for (const { node, previousRect: from, currentRect: to } of entry.sources) {
          const name = node?.outerHTML?.slice(0, 80) ?? node?.nodeName;
          window.shifts.push(`${name} by ${to.x - from.x}, ${to.y - from.y}`);
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  page.on('pageerror', (error) => {
    // A browser that is late gives up the fade between two pages, and shows the page at once.
    if (!error.message.startsWith('Transition was ')) troubles.push(`${path}: ${error.message}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('ERR_FAILED')) {
      troubles.push(`${path}: ${message.text()}`);
    }
  });
  await before(page);
  await page.goto(path.startsWith('http') ? path : base + path);
  return page;
}

export const hydrated = (page) => page.waitForFunction(() => !document.querySelector('astro-island[ssr]'));
/** Fonts are there, and two frames were painted with them. */
export const settled = (page) =>
  page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
export const frame = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
export const text = (page, selector) => page.locator(selector).first().innerText();
export const until = (page, selector, expected) =>
  page.waitForFunction(
    ([where, what]) => document.querySelector(where)?.textContent === what,
    [selector, expected],
    { timeout: 10_000 },
  );
export const live = (page) =>
  page.waitForFunction(() => document.documentElement.dataset.live === 'yes', null, { timeout: 10_000 });

export function expect(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what} is ${actual}, expected ${expected}`);
}

/**
 * Runs one check.
 *
 * @param expected what the browser's console may say in it
 */
export async function check(name, run, expected = /^$/) {
  const contexts = [];
  const context = async (options = {}) => {
    const made = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(made);
    return made;
  };
  troubles = [];
  try {
    await run(context);
    const unexpected = troubles.filter((trouble) => !expected.test(trouble));
    if (unexpected.length) throw new Error(unexpected.join('; '));
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`not ok ${name}: ${String(error.message).replaceAll(/\s+/g, ' ').slice(0, 600)}`);
  }
  for (const made of contexts) await made.close();
}

/** Forgives what a browser says of connections that a check has cut. */
export function forgiveCutConnections() {
  troubles = troubles.filter((trouble) => !trouble.includes('ERR_'));
}
