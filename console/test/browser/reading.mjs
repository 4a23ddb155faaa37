// Drives a running platform in Chromium: node test/browser/reading.mjs BASE OTLP.
// What people do who read: open, page, scroll, with a pointer or with keys alone, wide and narrow.
// Prints one line a check, "ok NAME" or "not ok NAME: REASON"; the server's tests read them.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { launchOptions } from '../../tools/browser.mjs';

const [base, otlp] = process.argv.slice(2);
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const browser = await chromium.launch(launchOptions);

const TURNED = '\u202Egnp.exe';
const LONG = 'n'.repeat(3_900);
const hex = (n, digits) => n.toString(16).padStart(digits, '0');
const LONG_TRACE = hex(77, 32);
const HOSTILE_TRACE = hex(78, 32);

const post = async (path, body, type = 'application/json') => {
  const answer = await fetch(path.startsWith('http') ? path : base + path, {
    method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
};
const attribute = (key, value) => ({ key, value: { stringValue: value } });

/** Sends spans `first` to `last` of one trace, each below the one before. */
async function spans(traceId, service, first, last, name, status) {
  const end = BigInt(Date.parse(now)) * 1_000_000n;
  const all = [];
  for (let i = first; i <= last; i++) {
    all.push({
      traceId, spanId: hex(i, 16), parentSpanId: i === 1 ? '' : hex(i - 1, 16), name: name(i), kind: 2, status,
      startTimeUnixNano: String(end - 5_000_000n + BigInt(i) * 1_000n), endTimeUnixNano: String(end),
      attributes: [attribute('http.route', `/orders/${i}`)],
    });
  }
  await post(`${otlp}/v1/traces`, {
    resourceSpans: [{ resource: { attributes: [attribute('service.name', service)] }, scopeSpans: [{ spans: all }] }],
  });
}
const event = (id, subject, data = {}, type = 'order_placed') =>
  post('/api/events', {
    specversion: '1.0', id, source: '/browser/reading', type, subject,
    datacontenttype: 'application/json', data,
  }, 'application/cloudevents+json');

/** The platform's clock, which stands still in tests. */
const { now } = await fetch(`${base}/`, { headers: { accept: 'application/json' } }).then((answer) => answer.json());

await spans(LONG_TRACE, 'long', 1, 2_000, (i) => `step ${i}`, {});
await spans(HOSTILE_TRACE, `s${LONG}`, 1, 3, (i) => `${TURNED} ${LONG} ${i}`, { code: 2, message: `${TURNED} ${LONG}` });
await post('/api/watches', { target: 'order/*' });
await post('/api/watches', { target: `order/${LONG.slice(0, 200)}` });
await event('hostile', `order/${LONG.slice(0, 200)}`, { name: TURNED, value: LONG });
await event('short', 'order/x', { name: 'x' });
await event('type', `hostile/${'W'.repeat(100)}`, { name: 'x' }, `t.${'W'.repeat(100)}`);
await post('/api/update/1', { value: `${TURNED} ${LONG}` });

const PAGES = [
  '/', '/objectives', '/traces', `/traces/${LONG_TRACE}`, `/traces/${HOSTILE_TRACE}?span=${hex(2, 16)}`, '/records/1',
  '/inbox', '/watches', '/settings', '/login', '/subjects/order/*', '/subjects/hostile/*', '/nothing/here',
];

function expect(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what} is ${actual}, expected ${expected}`);
}
async function check(name, run) {
  const contexts = [];
  const context = async (options = {}) => {
    const made = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(made);
    return made;
  };
  try {
    await run(context);
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`not ok ${name}: ${String(error.message).replaceAll(/\s+/g, ' ').slice(0, 900)}`);
  }
  for (const made of contexts) await made.close();
}
const hydrated = (page) => page.waitForFunction(() => !document.querySelector('astro-island[ssr]'));
async function tab(context, path) {
  const page = await context.newPage();
  await page.goto(base + path);
  await hydrated(page);
  return page;
}

await check('long and turned text breaks no page, wide or narrow', async (context) => {
  for (const width of [1440, 390]) {
    const one = await context({ viewport: { width, height: 844 } });
    for (const path of PAGES) {
      const page = await tab(one, path);
      const seen = await page.evaluate(() => ({
        tooWide: document.documentElement.scrollWidth > innerWidth,
        turned: document.body.innerText.includes('\u202E'),
      }));
      expect(seen.tooWide, false, `${path} at ${width} px scrolls sideways, which`);
      expect(seen.turned, false, `${path} turns text around, which`);
      await page.close();
    }
  }
});

await check('axe finds nothing at 390 px, light and dark', async (context) => {
  const one = await context({ bypassCSP: true, viewport: { width: 390, height: 844 } });
  for (const path of PAGES) {
    const page = await tab(one, path);
    await page.evaluate(axe);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(() => window.axe.run());
      const said = violations.map((v) => `${v.impact} ${v.id} (${v.nodes.map((node) => node.target).slice(0, 3)})`);
      expect(said.join(', '), '', `what axe finds on ${path}, ${colorScheme},`);
    }
    await page.close();
  }
});

await check('every entry of the navigation is in sight at 390 px, and can be pressed', async (context) => {
  const one = await context({ viewport: { width: 390, height: 844 } });
  for (const path of ['/', '/objectives', '/traces', '/inbox', '/watches']) {
    const page = await tab(one, path);
    const hidden = await page.locator('.top nav a').evaluateAll((links) =>
      links
        .filter((link) => {
          const { left, right, top, bottom } = link.getBoundingClientRect();
          const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          return left < 0 || right > innerWidth || !link.contains(at);
        })
        .map((link) => link.textContent),
    );
    expect(hidden.join(', '), '', `what is out of sight on ${path}`);
    await page.close();
  }
});

await check('a trace at 390 px has its name', async (context) => {
  const page = await tab(await context({ viewport: { width: 390, height: 844 } }), '/traces');
  const box = await page.locator(`a[href="/traces/${LONG_TRACE}"] .title`).boundingBox();
  expect(box !== null && box.width > 40, true, 'the room of a name');
});

await check('signs that stand together are shown as they are', async (context) => {
  const one = await context();
  for (const path of ['/records/1', '/subjects/order/*', '/settings', '/traces']) {
    const page = await tab(one, path);
    const joined = await page.evaluate(() =>
      [...document.querySelectorAll('body *')]
        .filter((element) => getComputedStyle(element).fontVariantLigatures !== 'none')
        .map((element) => element.tagName.toLowerCase()));
    expect([...new Set(joined)].join(' '), '', `what has ligatures on ${path}`);
    await page.close();
  }
});

await check('a long waterfall brings its rows as the reader scrolls', async (context) => {
  const page = await tab(await context(), `/traces/${LONG_TRACE}`);
  const names = () => page.locator('.window li .name').allInnerTexts();
  expect((await names())[0], 'step 1', 'the first row');
  await page.locator('.window').evaluate((box) => (box.scrollTop = 32 * 1_200));
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.window li .name')].some((name) => name.textContent === 'step 1205'));
  expect((await names()).length, 60, 'the number of rows in the page');
  await page.locator('.window').evaluate((box) => (box.scrollTop = box.scrollHeight));
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.window li .name')].some((name) => name.textContent === 'step 2000'));
});

await check('a span shows its attributes by click and by keys', async (context) => {
  const page = await tab(await context(), `/traces/${LONG_TRACE}`);
  await page.locator('.window li a').nth(4).click();
  await page.waitForFunction(() => document.querySelector('#span')?.textContent.includes('/orders/5'));
  expect(await page.evaluate(() => document.activeElement.id), 'span', 'what has the focus');
  await page.locator('.window li a').nth(6).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#span')?.textContent.includes('/orders/7'));
  await page.reload();
  expect((await page.locator('#span').innerText()).includes('/orders/7'), true, 'the same span after a reload');
  const plain = await (await context({ javaScriptEnabled: false })).newPage();
  await plain.goto(`${base}/traces/${LONG_TRACE}`);
  await plain.locator('.window li a').nth(4).click();
  expect((await plain.locator('#span').innerText()).includes('/orders/5'), true, 'the span without scripts');
  await plain.locator('text=Later rows').click();
  expect(await plain.locator('.window li .name').first().innerText(), 'step 61', 'the next rows without scripts');
});

await check('a notification opens what it is about, and is read then', async (context) => {
  const page = await tab(await context(), '/inbox');
  const unread = async () => Number(await page.locator('[data-tone=accent] [aria-hidden]').innerText());
  const before = await unread();
  await page.locator('.inbox li[data-item=unread] a.title', { hasText: 'x' }).first().click();
  await page.waitForURL('**/subjects/order/**');
  await hydrated(page);
  expect(await unread(), before - 1, 'the number of unread ones');
});

await check('what arrives does not move the row under the pointer', async (context) => {
  const page = await tab(await context(), '/inbox');
  await page.waitForFunction(() => document.documentElement.dataset.live === 'yes');
  const button = page.locator('.inbox li').first().locator('button[value=done]');
  await button.hover();
  const held = await page.locator('.inbox li').first().getAttribute('data-key');
  await event('arriving', 'order/arriving');
  await page.waitForFunction(
    (count) => Number(document.querySelector('[data-tone=accent] [aria-hidden]').textContent) > count,
    await page.locator('[data-tone=accent] [aria-hidden]').innerText().then(Number).then((count) => count - 1));
  expect(await page.locator('.inbox li').first().getAttribute('data-key'), held, 'the row under the pointer');
  await page.mouse.move(5, 5);
  await page.waitForFunction((key) => document.querySelector('.inbox li')?.dataset.key !== key, held);
});

await check('a row that is done hands its focus on', async (context) => {
  const page = await tab(await context(), '/inbox');
  const focus = () => page.evaluate(() => document.activeElement.closest('li')?.dataset.key ?? document.activeElement.tagName);
  const keys = await page.locator('.inbox li').evaluateAll((rows) => rows.map((row) => row.dataset.key));
  await page.keyboard.press('j');
  for (const [i, key] of keys.entries()) {
    expect(await focus(), key, 'what has the focus');
    const gone = page.waitForFunction((k) => !document.querySelector(`.inbox li[data-key="${k}"]`), key);
    await page.keyboard.press('e');
    await gone;
    if (i + 1 < keys.length) expect(await focus(), keys[i + 1], 'what has the focus after e');
  }
  expect(await page.evaluate(() => document.activeElement.id), 'main', 'what has the focus when all are done');
  await page.keyboard.press('u');
  await page.waitForFunction((k) => document.querySelector(`.inbox li[data-key="${k}"]`), keys.at(-1));
});

await browser.close();
