// The charts of an objective in Chromium: node test/browser/charts.mjs BASE OTLP. Their values are those of the API.
import { readFileSync } from 'node:fs';
import { base, browser, check, expect, hydrated, live, settled, tab } from './harness.mjs';

const otlp = process.argv[3];
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const PAGE = '/objectives/orders';
let ids = 0;
const hex = (length) => (++ids).toString(16).padStart(length, '0');
const now = async () =>
  Date.parse((await (await fetch(`${base}/`, { headers: { accept: 'application/json' } })).json()).now);
const detail = async (query = '') => (await fetch(`${base}/api${PAGE}${query}`)).json();

/** Orders that ended some minutes ago, of which some were refused by the bus. */
async function orders(minutesAgo, good, bad) {
  const end = BigInt((await now()) - minutesAgo * 60_000) * 1_000_000n;
  const span = (traceId, kind, name, status) => ({
    traceId, spanId: hex(16), kind, name,
    startTimeUnixNano: String(end - 40_000_000n), endTimeUnixNano: String(end),
    attributes: [{ key: 'http.response.status_code', value: { intValue: String(status) } }],
    status: { code: status >= 400 ? 2 : 0 },
  });
  const services = { 'orders-api': [], 'orders-handler': [] };
  for (let i = 0; i < good + bad; i++) {
    const trace = hex(32);
    services['orders-api'].push(span(trace, 2, 'POST /orders', 201));
    services['orders-handler'].push(
      span(trace, 2, 'POST /orders', 201), span(trace, 3, 'PUT /orders/{id}', 200),
      span(trace, 3, 'POST /api/events', i < bad ? 503 : 200),
    );
  }
  const answer = await fetch(`${otlp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: Object.entries(services).map(([name, spans]) => ({
        resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
        scopeSpans: [{ spans }],
      })),
    }),
  });
  expect(answer.status, 200, 'the answer to spans');
  sent += good + bad;
  for (const until = Date.now() + 30_000; (await detail()).objective.requests.total !== sent; await new Promise((done) => setTimeout(done, 100))) {
    if (Date.now() > until) throw new Error(`not all of ${sent} orders are counted after 30 s`);
  }
}
let sent = 0;

const chart = (page, name) => page.locator(`[data-chart=${name}] .plot`);
const drawn = async (page, name) => {
  await chart(page, name).scrollIntoViewIfNeeded();
  await page.locator(`[data-chart=${name}][data-drawn] canvas`).waitFor({ timeout: 10_000 });
  await settled(page);
};
const said = (page, name) => chart(page, name).getAttribute('aria-valuetext');
const picture = (page, name) => page.locator(`[data-chart=${name}] canvas`).evaluate((canvas) => canvas.toDataURL());

/** What the chart of failed requests has to say of a point of the API's answer. */
function words({ minutes, total, bad, steps }, at) {
  const parts = Object.entries(steps).filter(([, counts]) => counts[at]).map(([name, counts]) => `${name} ${counts[at]}`);
  return `${minutes[at].slice(0, 16).replace('T', ' ')} UTC: ${bad[at]} of ${total[at]} requests failed${parts.length ? ` (${parts.join(', ')})` : ''}`;
}

await orders(5, 7, 3);
await orders(3, 4, 2);

await check('charts are fetched on the page of an objective alone, and not before they are near', async (context) => {
  const fetched = async (path, then = async () => {}) => {
    const page = await tab(await context({ viewport: { width: 390, height: 600 } }), path);
    await hydrated(page);
    await settled(page);
    const seen = () => page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/plot.')).length);
    const before = await seen();
    await then(page);
    return `${before} then ${await seen()}`;
  };
  expect(await fetched('/'), '0 then 0', 'how often the first page fetches charts');
  expect(await fetched(PAGE, (page) => drawn(page, 'failures')), '0 then 1', 'how often the page fetches charts before and after one is near');
});

await check('each point says by keyboard what the API says of its minute', async (context) => {
  const page = await tab(await context(), `${PAGE}?range=15m`);
  await hydrated(page);
  await drawn(page, 'failures');
  await chart(page, 'failures').focus();
  await page.keyboard.press('Home');
  const { series } = await detail('?range=15m');
  const found = [];
  for (let at = 0; at < series.minutes.length; at++) {
    found.push(await said(page, 'failures'));
    await page.keyboard.press('ArrowRight');
  }
  // A minute may have begun since: what both have seen has to agree.
  const expected = series.minutes.map((_, at) => words(series, at)).filter((text) => found.includes(text));
  expect(expected.length >= series.minutes.length - 1, true, `that ${found.join(' | ')} is what the API says, which`);
  expect(found.filter((text) => text.includes('(bus ')).length, 2, `the minutes with failures of ${found.join(' | ')}`);
  expect(await page.locator('[data-chart=failures] .values span').innerText(), await said(page, 'failures'), 'the words below the chart');
});

await check('each point says under the pointer what it says by keyboard, and leads to its bad requests', async (context) => {
  const page = await tab(await context(), `${PAGE}?range=15m`);
  await hydrated(page);
  await drawn(page, 'failures');
  const bad = (await detail('?range=15m')).series.bad.findIndex((count) => count === 3);
  const box = await page.locator('[data-chart=failures] .u-over').boundingBox();
  const points = Number(await chart(page, 'failures').getAttribute('aria-valuemax'));
  await page.mouse.move(box.x + (box.width * bad) / points, box.y + box.height / 2);
  await page.locator('[data-chart=failures] .values', { hasText: '3 of 10 requests failed (bus 3)' }).waitFor({ timeout: 5_000 });
  await page.locator('[data-chart=failures] .values a').click();
  await page.waitForURL(/from=.*&to=/);
  await hydrated(page);
  expect(await page.locator('.badlist li').count(), 3, 'the bad requests of that minute');
});

await check('the range is a link that works without JavaScript, and what is no range is refused', async (context) => {
  const page = await tab(await context({ javaScriptEnabled: false }), PAGE).catch(() => null);
  await page.locator('.ranges a', { hasText: '15' }).click();
  await page.waitForURL(/range=15m/);
  expect(await page.locator('.ranges a[aria-current=true]').innerText(), '15\u00A0m', 'the range that is marked');
  expect(await page.locator('[data-chart=failures] svg').isVisible(), true, 'that the shape is seen without JavaScript');
  expect(await page.locator('[data-chart=failures] .scale').isVisible(), true, 'that its times are seen without JavaScript');
  expect((await page.goto(`${base}${PAGE}?range=soon`)).status(), 422, 'the answer to a range that is none');
}, /422/);

await check('an open chart changes when its data does, and the reader stays at the chosen minute', async (context) => {
  const page = await tab(await context(), `${PAGE}?range=15m`);
  await hydrated(page);
  await live(page);
  await drawn(page, 'failures');
  await chart(page, 'failures').focus();
  await page.keyboard.press('Home');
  while (!(await said(page, 'failures')).includes('2 of 6 requests failed')) await page.keyboard.press('ArrowRight');
  const minute = (await said(page, 'failures')).slice(0, 16);
  const before = await picture(page, 'failures');
  await orders(3, 0, 4);
  await page.waitForFunction(
    (start) => document.querySelector('[data-chart=failures] .plot').getAttribute('aria-valuetext').startsWith(`${start} UTC: 6 of 10 requests failed`),
    minute,
    { timeout: 20_000 },
  );
  expect((await picture(page, 'failures')) === before, false, 'that the chart looks as before');
});

await check('a figure leads to itself at its moment, with what stands behind it, and stays when the page moves on', async (context) => {
  const page = await tab(await context({ viewport: { width: 390, height: 800 } }), PAGE);
  await hydrated(page);
  await live(page);
  const number = page.locator('[data-fragment=figures] .big a').first();
  const [then, link] = await number.evaluate((a) => [a.innerText, a.getAttribute('href')]);
  await number.click();
  await page.waitForURL(/[?]at=/);
  await hydrated(page);
  expect(new URL(page.url()).pathname + new URL(page.url()).search + '#bad', link, 'the address');
  expect(await number.innerText(), then, 'the figure at its moment');
  const requests = await page.locator('[data-fragment=figures] .note').last().innerText();
  const bad = await page.locator('.badlist li').count();
  await orders(0, 2, 3);
  await page.reload();
  expect(await number.innerText(), then, 'the figure at its moment after others came');
  expect(await page.locator('[data-fragment=figures] .note').last().innerText(), requests, 'the requests at its moment');
  expect(await page.locator('.badlist li').count(), bad, 'the bad requests that had begun by then');
  expect(await page.locator('.asof').isVisible(), true, 'that the page says so');
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'that the page scrolls sideways, which');
  await page.locator('.asof a').click();
  await page.waitForURL(`${base}${PAGE}`);
  expect((await page.locator('[data-fragment=figures] .note').last().innerText()) === requests, false, 'that the page of now shows what was then');
});

await check('tables fit a phone: nothing of them has to be scrolled for', async (context) => {
  const one = await context({ viewport: { width: 390, height: 800 } });
  for (const path of [PAGE, '/map', '/gate', '/incidents']) {
    const page = await tab(one, path);
    await hydrated(page);
    const hidden = await page.locator('.stacked .scroll:visible').evaluateAll((all) => all.map((box) => box.scrollWidth - box.clientWidth).join(' '));
    expect(/^(0 ?)*$/.test(hidden), true, `that ${hidden} px of tables of ${path} are out of sight, which`);
  }
});

await check('charts follow the theme, fit a phone, violate no policy, move nothing, and axe finds nothing', async (context) => {
  for (const [width, bypassCSP] of [[1440, false], [390, false], [1280, true]]) {
    const page = await tab(await context({ viewport: { width, height: 900 }, colorScheme: 'light', bypassCSP }), PAGE);
    await hydrated(page);
    const pictures = [];
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const name of ['failures', 'burndown']) await drawn(page, name);
      pictures.push(await picture(page, 'burndown'));
      if (!bypassCSP) continue;
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      expect(violations.map((v) => `${v.impact} ${v.id} (${v.nodes[0].target})`).join(', '), '', `what axe finds, ${colorScheme},`);
    }
    expect(pictures[0] === pictures[1], false, 'that a chart looks the same in both themes');
    const seen = await page.evaluate(() => ({
      shifts: window.shifts.join(', '),
      violations: window.violations.join(', '),
      tooWide: document.documentElement.scrollWidth > innerWidth,
    }));
    expect(seen.shifts, '', `what moves at ${width} px`);
    expect(seen.violations, '', 'violations');
    expect(seen.tooWide, false, `that the page scrolls sideways at ${width} px, which`);
  }
});

await browser.close();
