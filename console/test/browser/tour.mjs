// A newcomer of the demo takes its tour: node test/browser/tour.mjs BASE OTLP. Events and spans are those that the
// services of the example send, first without a fault and then with one; orders are counted by their tenants.
import { readFileSync } from 'node:fs';
import { base, browser, check, expect, hydrated, live, settled, tab } from './harness.mjs';

const otlp = process.argv[3];
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const PHONE = { width: 390, height: 844 };
let ids = 0;
const hex = (length) => (++ids).toString(16).padStart(length, '0');
const now = async () =>
  Date.parse((await (await fetch(`${base}/`, { headers: { accept: 'application/json' } })).json()).now);

async function post(address, body, type = 'application/json') {
  const answer = await fetch(address, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) });
  expect(answer.status < 300, true, `that ${address} takes it (${answer.status} ${await answer.text()}), which`);
}

/** The spans of orders of a tenant, whose event was published or lost; the trace of the first. */
async function traced(count, published, tenant = 'acme') {
  const end = BigInt(await now()) * 1_000_000n;
  const spans = { 'orders-api': [], 'orders-handler': [] };
  const traces = Array.from({ length: count }, () => hex(32));
  for (const trace of traces) {
    const add = (service, parentSpanId, kind, name, status, more = []) => {
      const spanId = hex(16);
      spans[service].push({
        traceId: trace, spanId, parentSpanId, kind, name,
        startTimeUnixNano: String(end - 40_000_000n), endTimeUnixNano: String(end),
        attributes: [{ key: 'http.response.status_code', value: { intValue: String(status) } }, ...more],
        status: { code: status >= 400 ? 2 : 0 },
      });
      return spanId;
    };
    const entry = add('orders-api', '', 2, 'POST /orders', 201, [{ key: 'tenant', value: { stringValue: tenant } }]);
    const handler = add('orders-handler', entry, 2, 'POST /orders', 201);
    add('orders-handler', handler, 3, 'PUT /orders/{id}', 200);
    add('orders-handler', handler, 3, 'POST /api/events', published ? 200 : 503);
  }
  await post(`${otlp}/v1/traces`, {
    resourceSpans: Object.entries(spans).map(([name, own]) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
      scopeSpans: [{ spans: own }],
    })),
  });
  return traces[0];
}

/** An order that gets all the way: its spans, and its event, which names contract and trace. */
async function order(id) {
  const trace = await traced(1, true);
  await post(`${base}/api/events`, {
    specversion: '1.0', id: `${id}-placed`, source: '/orders', type: 'order_placed', subject: `order/${id}`, authid: 'ada',
    dataschema: `${base}/registry/subjects/order_placed-value/versions/1`, traceparent: `00-${trace}-${hex(16)}-01`, data: { orderId: id },
  }, 'application/cloudevents+json');
  return trace;
}

const STEPS = ['gate', 'order', 'contract', 'trace', 'objective', 'incident', 'told', 'recovery'];
const step = (page, name) => page.locator('.tour li').nth(STEPS.indexOf(name));
/** Waits until a step says it; what all of them say if it does not. */
async function says(page, name, ...words) {
  for (const text of words) {
    await step(page, name).filter({ hasText: text }).waitFor({ timeout: 20_000 }).catch(async () => {
      throw new Error(`step ${name} does not say "${text}": ${(await page.locator('.tour li').allInnerTexts()).join(' | ')}`);
    });
  }
}
/** What of an element is not seen without scrolling sideways. */
const hidden = (page, of) => page.evaluate((where) => [...document.querySelectorAll(`${where} *`)]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => each.outerHTML.slice(0, 80)).join(', '), of);

await post(`${base}/registry/subjects/order_placed-value/versions`, { schemaType: 'JSON', schema: '{"type":"object"}' });
await post(`${base}/api/watches`, { target: 'slo/*' });

await check('the first page leads to the tour, on which nothing was seen before the first order', async (context) => {
  const page = await tab(await context(), '/');
  await page.click('text=take the tour');
  await page.waitForURL(`${base}/tour`);
  expect(await page.locator('.tour header').innerText().then((text) => text.replaceAll(/\s+/g, ' ')), 'Every promise is kept 0 of 8 steps were seen', 'what the tour says');
  expect(await page.locator('.tour li').count(), STEPS.length, 'the number of steps');
  expect((await page.locator('.tour .badge').allInnerTexts()).every((word) => word === 'waiting'), true, 'that all steps wait');
  expect(await page.getByText('http://127.0.0.1:4104/demo/mailbox').isVisible(), true, 'that the mailbox is named');
});

await check('an order moves an open tour, and each step leads to the page that it tells of', async (context) => {
  const one = await context();
  const page = await tab(one, '/tour');
  await hydrated(page);
  await live(page);
  const trace = await order('7');
  await says(page, 'order', 'placed', 'by ada', 'order/7', 'kept');
  await says(page, 'contract', 'version 1 of order_placed-value', '7-placed', 'kept');
  await says(page, 'trace', trace, 'kept');
  await says(page, 'objective', '1 of 1 good in the last hour', 'slo/orders', 'kept');
  await says(page, 'gate', '1 of 1 good in the last hour', 'slo/orders-tokens', 'kept');
  for (const [name, path, text] of [
    ['gate', '/objectives/orders-tokens', 'orders-tokens'], ['order', '/subjects/order/7', 'order/7'], ['contract', '/contracts/order_placed-value', 'order_placed-value'],
    ['trace', `/traces/${trace}`, 'PUT /orders/{id}'], ['objective', '/objectives/orders', 'Orders get all the way through'],
    ['incident', '/incidents', 'No objective has alerted'], ['told', '/inbox', 'Inbox'], ['recovery', '/inbox', 'Inbox'],
  ]) {
    const link = step(page, name).locator('a:visible');
    expect(await link.count(), 1, `the links of step ${name}`);
    expect(await link.getAttribute('href'), path, `where step ${name} leads`);
    const other = await tab(one, path);
    await other.getByText(text).first().waitFor({ timeout: 10_000 }).catch(() => {
      throw new Error(`${path} does not show ${text}`);
    });
    await other.close();
  }
});

await check('a promise that breaks is seen in an open tour: the incident, and who was told of it', async (context) => {
  const page = await tab(await context(), '/tour');
  await hydrated(page);
  await live(page);
  await traced(40, false);
  await page.locator('.tour h2', { hasText: 'A promise is broken' }).waitFor({ timeout: 20_000 });
  await says(page, 'objective', '1 of 41 good in the last hour', 'broken');
  await says(page, 'incident', 'open, began', 'broken');
  await says(page, 'told', 'told', 'change ');
  await says(page, 'recovery', 'not yet', 'waiting');
  expect((await step(page, 'gate').innerText()).includes('kept'), true, 'that the tokens keep their promise');
});

await check('without JavaScript the tour is the same', async (context) => {
  const read = async (options) => {
    const page = await (await context(options)).newPage();
    await page.goto(`${base}/tour`);
    return (await page.locator('.tour li').allInnerTexts()).join(' | ').replaceAll(/\s+/g, ' ').replaceAll(/\d+ ?[a-z]+ ago|just now/g, 'AGO');
  };
  expect(await read({ javaScriptEnabled: false }), await read({}), 'what the tour says');
});

await traced(3, true, `a-tenant-with-a-long-name-${'w'.repeat(60)}`);
await traced(12, false, 'globex');

for (const [path, of] of [['/tour', '.tour'], ['/objectives/orders', '#groups']]) {
  await check(`${path} fits a phone in both themes, and axe finds nothing`, async (context) => {
    for (const [viewport, bypassCSP] of [[PHONE, false], [PHONE, true], [{ width: 1280, height: 900 }, true]]) {
      const page = await tab(await context({ viewport, bypassCSP }), path);
      await hydrated(page);
      await settled(page);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        expect(await hidden(page, of), '', `what is out of sight on ${path} at ${viewport.width} px`);
        if (!bypassCSP) continue;
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run());
        expect(violations.map((v) => `${v.impact} ${v.id} (${v.nodes[0].target})`).join(', '), '', `what axe finds, ${colorScheme},`);
      }
      const seen = await page.evaluate(() => ({ shifts: window.shifts.join(', '), violations: window.violations.join(', ') }));
      expect(seen.shifts, '', `what moves at ${viewport.width} px`);
      expect(seen.violations, '', 'violations');
      // Last, for a picture of what is longer than the window moves the page.
      for (const colorScheme of process.env.PICTURES ? ['light', 'dark'] : []) {
        await page.emulateMedia({ colorScheme });
        await page.locator(of).screenshot({ path: `${process.env.PICTURES}/${of.slice(1)}-${colorScheme}-${viewport.width}.png` });
      }
      await page.close();
    }
  });
}

await check('groups can be read on a phone: each cell says what it is', async (context) => {
  const page = await tab(await context({ viewport: PHONE }), '/objectives/orders');
  await hydrated(page);
  const row = page.locator('#groups tbody tr', { hasText: 'globex' });
  await row.filter({ hasText: '12' }).waitFor({ timeout: 20_000 });
  const labels = await row.locator('td').evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content.replaceAll('"', '').trim()).join(', '));
  expect(labels, 'none, availability, budget left, bad requests, mostly at, none', 'the words before the cells');
  expect(await page.locator('#groups .scroll').evaluate((box) => box.scrollWidth - box.clientWidth), 0, 'how far groups can be scrolled');
  await row.locator('a', { hasText: '12' }).click();
  await page.waitForURL(/group=globex#bad$/);
  await page.locator('#bad li').first().waitFor({ timeout: 20_000 });
  expect(await page.locator('#bad li').count() > 0, true, 'that the bad requests of the group are listed');
});

await browser.close();
