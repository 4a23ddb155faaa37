// Somebody who has never seen the console looks for the cause of each fault of the demo: node test/browser/causes.mjs
// BASE OTLP. The spans are those that the services send under the fault. At most four clicks from the first page.
import { base, browser, check, expect, hydrated, settled, tab } from './harness.mjs';

const otlp = process.argv[3];
const MOST_CLICKS = 4;
let ids = Date.now() % 1_000_000 * 1_000;
const hex = (length) => (++ids).toString(16).padStart(length, '0');
const now = async () =>
  Date.parse((await (await fetch(`${base}/`, { headers: { accept: 'application/json' } })).json()).now);
const post = (address, body) =>
  fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** An order whose calls took the milliseconds and had the attributes that a fault gives them; no call, no span. */
async function order({ table = [{}], bus = [{}], table_ms = 10, breach }) {
  const end = BigInt(await now()) * 1_000_000n;
  const trace = hex(32);
  const span = (parentSpanId, kind, name, millis, { status = 200, error = status >= 400, ...attributes } = {}) => ({
    traceId: trace, spanId: hex(16), parentSpanId, kind, name,
    startTimeUnixNano: String(end - BigInt(millis) * 1_000_000n), endTimeUnixNano: String(end),
    attributes: Object.entries({ 'http.response.status_code': status, ...attributes })
      .map(([key, value]) => ({ key, value: { intValue: String(value) } })),
    status: { code: error ? 2 : 0 },
  });
  const entry = span('', 2, 'POST /orders', table_ms + 30, { status: 201 });
  const handler = span(entry.spanId, 2, 'POST /orders', table_ms + 20, { status: 201 });
  if (breach) {
    const attributes = [{ key: 'contract.breach', value: { stringValue: breach } }];
    handler.events = [{ name: 'contract.broken', timeUnixNano: String(end), attributes }];
  }
  const calls = [
    ...table.map((one) => span(handler.spanId, 3, 'PUT /orders/{id}', table_ms, one)),
    ...bus.map((one) => span(handler.spanId, 3, 'POST /api/events', 8, one)),
  ];
  const services = { 'orders-api': [entry], 'orders-handler': [handler, ...calls] };
  const answer = await post(`${otlp}/v1/traces`, {
    resourceSpans: Object.entries(services).map(([name, spans]) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
      scopeSpans: [{ spans }],
    })),
  });
  expect(answer.status, 200, 'the answer to spans');
  return trace;
}

/** Each fault, the objective that it breaks, why a request is bad, and the fact that tells the cause. */
const FAULTS = {
  'publish --variant refused': {
    order: { bus: [{ status: 503 }] }, objective: 'orders', why: 'failed at bus', span: 'POST /api/events', fact: 'http.response.status_code503',
  },
  'publish --variant partial': {
    order: { bus: [{ status: 207, 'troth.failed_entries': 1 }] }, objective: 'orders', why: 'failed at bus', span: 'POST /api/events', fact: 'troth.failed_entries1',
  },
  'slow-db': {
    order: { table_ms: 1_000 }, objective: 'orders-latency', why: 'too slow', span: 'PUT /orders/{id}', fact: 'Took1.00 s',
  },
  'bad-payload --variant caught': {
    order: { bus: [], breach: 'amount is a text' }, objective: 'orders', why: 'never seen: bus', span: 'orders-handler', fact: 'contract.breachamount is a text',
  },
  'retries': {
    order: { table: [{ status: 503 }, {}] }, objective: 'orders', why: 'failed at table', span: 'PUT /orders/{id}', fact: 'http.response.status_code503',
  },
};

// What somebody did shortly before, and what happens all the time.
await post(`${base}/registry/subjects/order_placed-value/versions`, { schemaType: 'JSON', schema: '{"type":"object"}' });
for (let i = 0; i < 5; i++) await post(`${base}/api/update/1`, { value: `order ${i}` });

for (const [fault, { order: made, objective, why, span, fact }] of Object.entries(FAULTS)) {
  await check(`the cause of ${fault} is found in at most ${MOST_CLICKS} clicks`, async (context) => {
    for (let i = 0; i < 3; i++) await order({});
    const trace = await order(made);
    const page = await tab(await context(), '/');
    await hydrated(page);
    let clicks = 0;
    const click = async (place) => {
      clicks++;
      await place.click();
    };
    await page.locator(`[data-fragment=objectives] a[href="/objectives/${objective}"]`).waitFor();
    await click(page.locator(`[data-fragment=objectives] a[href="/objectives/${objective}"]`));
    const row = page.locator(`[data-fragment=bad] a[href="/traces/${trace}"]`);
    await row.waitFor({ timeout: 20_000 });
    expect(await row.locator('.why').innerText(), why, 'why the request is bad');
    await click(row);
    await page.locator('[data-fragment=near]').waitFor();
    const near = await page.locator('[data-fragment=near] li').allInnerTexts();
    expect(near[0]?.includes('contract registered'), true, `that the rare change comes first of ${near.join(' | ')}, which`);
    await hydrated(page);
    await click(page.locator('.waterfall a', { hasText: span }).first());
    await page.locator('#span:not([data-hidden=yes]) .facts div').first().waitFor();
    const facts = (await page.locator('#span .facts div').evaluateAll((all) => all.map((each) => each.textContent.trim()))).join(' | ');
    expect(facts.includes(fact), true, `that ${fact} stands in ${facts}, which`);
    expect(clicks <= MOST_CLICKS, true, `that ${clicks} clicks are enough, which`);
  });
}

await check('the bad requests of one step are one click away, in a list that goes on', async (context) => {
  for (let i = 0; i < 25; i++) await order({ bus: [{ status: 503 }] });
  const page = await tab(await context({ viewport: { width: 390, height: 800 } }), '/objectives/orders');
  await hydrated(page);
  await page.waitForFunction(() => document.querySelectorAll('[data-fragment=bad] li').length === 5, null, { timeout: 20_000 });
  await page.click('.chain .failed >> nth=3');
  await page.waitForURL(/objectives\/orders[?]step=bus&at=[^#]+#bad$/);
  await hydrated(page);
  await settled(page);
  const reasons = await page.locator('[data-fragment=bad] .why').allInnerTexts();
  expect(reasons.every((reason) => reason.includes('bus')), true, `that all of ${reasons.join(' | ')} are of the bus, which`);
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'that the page scrolls sideways, which');
  const first = await page.locator('.badlist a').first().getAttribute('href');
  await page.click('#bad .pager >> text=Older traces');
  await page.waitForURL(/before=/);
  expect((await page.locator('.badlist a').first().getAttribute('href')) === first, false, 'that the next page begins as the first, which');
});

await check('an incident is silenced from one tab, seen in another, on the first page too, and no longer when it ends', async (context) => {
  for (let i = 0; i < 40; i++) {
    const { objective } = await (await fetch(`${base}/api/objectives/orders`)).json();
    if (objective.incident) break;
    for (let j = 0; j < 5; j++) await order({ bus: [{ status: 503 }] });
    await new Promise((done) => setTimeout(done, 500));
  }
  const browsers = await context({ viewport: { width: 390, height: 800 } });
  const [own, first] = [await tab(browsers, '/objectives/orders'), await tab(browsers, '/')];
  for (const page of [own, first]) {
    await hydrated(page);
    await page.locator('[data-fragment=held] li').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'that the page scrolls sideways, which');
  }
  await own.bringToFront();
  await own.fill('.held [name=reason]', 'a bus is replaced');
  await own.click('.held [value=silence]');
  const says = (page, text) =>
    page.waitForFunction((what) => document.querySelector('.held .silenced')?.textContent.includes(what), text, { timeout: 10_000 });
  await says(own, 'silenced by developer until');
  await says(own, ': a bus is replaced');
  await own.waitForFunction(() => document.querySelector('.head .badge').textContent.includes(', silenced'), null, { timeout: 10_000 });
  await first.bringToFront();
  await says(first, 'silenced by developer until');
  await first.click('.held [value=unsilence]');
  const ended = (page) =>
    page.waitForFunction(() => document.querySelector('.held .silenced')?.textContent === '', null, { timeout: 10_000 });
  await ended(first);
  await own.bringToFront();
  await ended(own);
  await own.click('.held [value=acknowledge]');
  await own.waitForFunction(() => document.querySelector('.held .acknowledged').textContent.startsWith('developer looks after it until'), null, { timeout: 10_000 });
});

await browser.close();
