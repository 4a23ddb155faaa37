// Drives a running platform in Chromium: node test/browser/checks.mjs BASE [OTLP [PAGES]], with the
// address of its OTLP listener and the patterns of all pages, for the check that every page is live.
// Prints one line a check, "ok NAME" or "not ok NAME: REASON"; the server's tests read them.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { base, browser, check, expect, forgiveCutConnections, frame, hydrated, live, settled, tab, text, until } from './harness.mjs';
import { slowWay } from './slow.mjs';

const [otlp, patterns] = process.argv.slice(3);
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const PAGES = ['/', '/records/1', '/objectives', '/incidents', '/traces', '/inbox', '/watches', '/oncall', '/sources', '/settings', '/login', '/map', '/contracts', '/contracts/hostile-value', '/gate', '/search?q=o', '/objectives/orders', '/tour', '/audit', '/-/parts'];
const JS_BUDGET = 30 * 1024;

const post = (path, body, type = 'application/json') =>
  fetch(base + path, { method: 'POST', headers: { 'content-type': type }, body });
const event = (id, subject) =>
  post(
    '/api/events',
    JSON.stringify({
      specversion: '1.0', id, source: '/browser/test', type: 'order_placed', subject,
      datacontenttype: 'application/json', data: { orderId: subject },
    }),
    'application/cloudevents+json',
  );

/** What happens on the platform: another user's doings, and requests that were traced. */
const now = async () =>
  Date.parse((await (await fetch(`${base}/`, { headers: { accept: 'application/json' } })).json()).now);
const json = async (path) => (await fetch(base + path)).json();

const put = async (path, body) => {
  const answer = await fetch(base + path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect(answer.status, 200, `the answer to ${path}`);
};

let traces = 0;
let sent = 0;
/** Sends the spans of orders, whose publishing failed unless another status is given; returns the ids of the traces. */
async function orders(count, published = 422) {
  const end = BigInt(await now()) * 1_000_000n;
  const ids = [];
  const spans = { 'orders-api': [], 'orders-handler': [] };
  const add = (service, trace, kind, name, status) =>
    spans[service].push({
      traceId: trace, spanId: (++traces).toString(16).padStart(16, '0'), kind, name,
      startTimeUnixNano: String(end - 40_000_000n), endTimeUnixNano: String(end),
      attributes: [{ key: 'http.response.status_code', value: { intValue: String(status) } }],
      status: { code: status >= 400 ? 2 : 0 },
    });
  for (let i = 0; i < count; i++) {
    const trace = (++traces).toString(16).padStart(32, '0');
    ids.push(trace);
    add('orders-api', trace, 2, 'POST /orders', 201);
    add('orders-handler', trace, 2, 'POST /orders', 201);
    add('orders-handler', trace, 3, 'PUT /orders/{id}', 200);
    add('orders-handler', trace, 3, 'POST /api/events', published);
  }
  await send(Object.entries(spans));
  sent += count;
  return ids;
}

const BEFORE = '{"type":"object","properties":{"weight":{"type":"string"}}}';
const AFTER = BEFORE.replace('string', 'integer');

/** Registers a schema. */
async function register(subject, schema) {
  const answer = await post(`/registry/subjects/${subject}/versions`, JSON.stringify({ schemaType: 'JSON', schema }));
  expect(answer.status, 200, `the answer to a version of ${subject}`);
}

/** Waits until all orders that were sent are counted. */
async function judged() {
  for (const until = Date.now() + 20_000; Date.now() < until; await new Promise((done) => setTimeout(done, 100))) {
    if ((await json('/api/objectives/orders')).objective.requests.total === sent) return;
  }
  throw new Error(`not all of ${sent} orders are counted after 20 s`);
}

async function send(services) {
  const answer = await fetch(`${otlp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: services.map(([name, spans]) => ({
        resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
        scopeSpans: [{ spans }],
      })),
    }),
  });
  expect(answer.status, 200, 'the answer to spans');
}

/** For each page: where it is, what happens on the platform, and the text that then appears where. */
const happenings = {
  '/': async () => {
    const value = `on the overview ${Date.now()}`;
    return { at: '/', cause: () => post('/api/update/1', JSON.stringify({ value })), where: '[data-fragment=records]', text: value };
  },
  '/incidents': async () => {
    const burn = async () => [await orders(10, 201), await orders(40)];
    return { at: '/incidents', cause: burn, where: '[data-fragment=incidents]', text: 'open, page' };
  },
  '/oncall': async () => {
    const name = `crew-${Date.now()}`;
    return { at: '/oncall', cause: () => put(`/api/groups/${name}`, { members: ['ann'] }), where: '[data-fragment=groups]', text: name };
  },
  '/sources': async () => {
    const name = `hook-${Date.now()}`;
    const secret = 'only-for-this-test-1';
    const add = () => post('/api/sources', JSON.stringify({ name, kind: 'webhook', hook: { scheme: 'github', secret } }));
    return { at: '/sources', cause: add, where: '[data-fragment=sources]', text: name };
  },
  '/objectives': async () => ({
    at: '/objectives', cause: () => orders(50), where: '[data-fragment=objectives]', text: '10.000 %',
  }),
  '/objectives/{+id}': async () => {
    await judged();
    const total = sent + 7;
    return { at: '/objectives/orders', cause: () => orders(7), where: '[data-fragment=figures]', text: `${total} requests` };
  },
  '/traces': async () => {
    let id;
    return { at: '/traces', cause: async () => ([id] = await orders(1)), where: '[data-fragment=traces]', html: () => `/traces/${id}` };
  },
  '/traces/{id}': async () => {
    const [id] = await orders(1);
    const late = async () => {
      const end = BigInt(await now()) * 1_000_000n;
      await send([['orders-late', [{
        traceId: id, spanId: (++traces).toString(16).padStart(16, '0'), kind: 2, name: 'a late span',
        startTimeUnixNano: String(end), endTimeUnixNano: String(end), attributes: [], status: {},
      }]]]);
    };
    return { at: `/traces/${id}`, cause: late, where: '[data-fragment=waterfall]', text: 'a late span' };
  },
  '/map': async () => {
    const name = `courier ${Date.now()}`;
    const call = async () => {
      const end = BigInt(await now()) * 1_000_000n;
      const trace = (++traces).toString(16).padStart(32, '0');
      const [parent, child] = [++traces, ++traces].map((id) => id.toString(16).padStart(16, '0'));
      const span = (spanId, parentSpanId, kind) => ({
        traceId: trace, spanId, parentSpanId, kind, name: 'deliver', attributes: [], status: {},
        startTimeUnixNano: String(end - 9_000_000n), endTimeUnixNano: String(end),
      });
      await send([['orders-api', [span(parent, '', 2)]], [name, [span(child, parent, 2)]]]);
    };
    return { at: '/map', cause: call, where: '[data-fragment=calls]', text: name };
  },
  '/contracts': async () => {
    const name = `crate_${Date.now()}-value`;
    return { at: '/contracts', cause: () => register(name, BEFORE), where: '[data-fragment=contracts]', text: name };
  },
  '/contracts/{+id}': async () => {
    const name = `parcel_${Date.now()}-value`;
    await register(name, BEFORE);
    await fetch(`${base}/registry/config/${name}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"compatibility":"NONE"}' });
    return { at: `/contracts/${name}`, cause: () => register(name, AFTER), where: '[data-fragment=comparison]', text: '{"weight":' };
  },
  '/gate': async () => ({
    at: '/gate', cause: () => post('/gate/validate', JSON.stringify({ token: 'a.b.c.d' })), where: '[data-fragment=verdicts]', text: 'token_malformed',
  }),
  '/search': async () => {
    const crate = `crate/found-${Date.now()}`;
    return { at: `/search?q=${crate}`, cause: () => event(crate, crate), where: '[data-fragment=found]', text: crate };
  },
  '/records/{+id}': async () => {
    const value = `on the record ${Date.now()}`;
    return { at: '/records/1', cause: () => post('/api/update/1', JSON.stringify({ value })), where: '[data-fragment=value]', text: value };
  },
  '/subjects/{+id}': async () => {
    const crate = `crate/${Date.now()}`;
    return { at: `/subjects/${crate}`, cause: () => event(crate, crate), where: '[data-fragment=changes]', text: 'order placed' };
  },
  '/changes/{id}': async () => {
    const crate = `crate/${Date.now()}`;
    await event(crate, crate);
    const seq = (await json(`/api/subjects/changes?target=${crate}`)).items[0].seq;
    const cause = () => post('/api/watches', JSON.stringify({ target: crate }));
    return { at: `/changes/${seq}`, cause, where: '[data-fragment=why]', text: `only after change ${seq}` };
  },
  '/inbox': async () => {
    await post('/api/watches', JSON.stringify({ target: 'parcel/*' }));
    const parcel = `parcel/${Date.now()}`;
    return { at: '/inbox', cause: () => event(parcel, parcel), where: '[data-fragment=inbox]', text: parcel };
  },
  '/watches': async () => {
    const target = `slo/${Date.now()}`;
    return { at: '/watches', cause: () => post('/api/watches', JSON.stringify({ target })), where: '[data-fragment=watches]', text: target };
  },
  '/tour': async () => {
    const order = `order/${Date.now()}`;
    return { at: '/tour', cause: () => event(order, order), where: '[data-fragment=tour]', text: order };
  },
  '/audit': async () => {
    const target = `crate/${Date.now()}`;
    return { at: '/audit', cause: () => post('/api/watches', JSON.stringify({ target })), where: '[data-fragment=acts]', text: target };
  },
  '/settings': async () => {
    const user = `user-${Date.now()}`;
    return { at: '/settings', cause: () => post('/api/tokens', JSON.stringify({ user, role: 'reader' })), where: '[data-fragment=tokens]', text: user };
  },
};

// Before anything burns: its page is acknowledged further down.
await put('/api/escalations/burning', { target: 'slo/*', line: ['ann', 'developer'], within: 86_400 });

for (const pattern of JSON.parse(patterns ?? JSON.stringify(Object.keys(happenings)))) {
  await check(`the page ${pattern} changes in an open tab when its data does`, async (context) => {
    expect(pattern in happenings, true, `that ${pattern} has something to happen`);
    const { at, cause, where, text, html = () => text } = await happenings[pattern]();
    const page = await tab(await context(), at);
    await hydrated(page);
    await live(page);
    const shown = () => page.locator(where).innerHTML();
    expect((await shown()).includes(text ?? '\0'), false, `that ${at} shows it before it happened`);
    await cause();
    for (const until = Date.now() + 20_000; !(await shown()).includes(html()); await frame(page)) {
      if (Date.now() > until) throw new Error(`${at} shows no ${html()} 20 s after it happened: ${await page.locator(where).innerText()}`);
    }
  });
}

// Names and texts that would break a page, if anything could.
await register('hostile-value', JSON.stringify({ type: 'object', description: '</script><img src=x onerror=alert(1)>\u202E'.repeat(20), properties: { ['a'.repeat(900)]: { type: 'string' } } }));
await fetch(`${base}/registry/config/hostile-value`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"compatibility":"NONE"}' });
await register('hostile-value', JSON.stringify({ type: 'object', properties: { ['a'.repeat(900)]: { type: 'integer' } } }));

const HOSTILE = '</script><img src=x onerror=alert(1)>\u202E"\'&';
await put('/api/escalations/hostile', { target: 'agent/*', line: [`${HOSTILE}${'w'.repeat(80)}`, 'W'.repeat(128)], within: 60 });
await put('/api/groups/hostile', { members: [...Array(60).keys()].map((i) => `${HOSTILE} ${'m'.repeat(70)}${i}`) });
await post('/api/groups/hostile/watches', JSON.stringify({ target: `crate/${'x'.repeat(400)}`, filter: `note == "${'y'.repeat(300)}"` }));
await put('/api/preferences', { scope: `watch:crate/${'z'.repeat(400)}`, title: `${'t'.repeat(200)} {headline}` });

await check('sources fit a phone: nothing of them has to be scrolled for', async (context) => {
  const page = await tab(await context({ viewport: { width: 390, height: 800 } }), '/sources');
  await hydrated(page);
  const hidden = await page.locator('.sources .scroll').evaluate((box) => box.scrollWidth - box.clientWidth);
  expect(hidden, 0, 'how far the list of sources can be scrolled');
  expect(await page.locator('.sources button[value=pause]').first().isVisible(), true, 'that Pause is seen');
});

await check('an open page is acknowledged where it is shown, and another tab says by whom', async (context) => {
  const one = await context();
  const [page, other] = [await tab(one, '/oncall'), await tab(one, '/oncall')];
  await live(page);
  await live(other);
  const row = (seen) => seen.locator('[data-fragment=pages] li').first();
  await row(page).locator('text=was paged').waitFor({ timeout: 10_000 });
  await row(page).locator('button[value=acknowledge]').click();
  for (const seen of [page, other]) await row(seen).locator('text=developer looks after it').waitFor({ timeout: 10_000 });
  expect(await row(other).locator('button[value=acknowledge]').isVisible(), false, 'that it can be acknowledged twice');
});

await check('escalations and preferences are set, changed and removed by their forms, and another tab follows', async (context) => {
  const one = await context();
  for (const [path, fragment, fill, shown, changed] of [
    ['/oncall', 'escalations', { escalation: 'nightly', target: 'slo/*', line: 'ann, bob' }, 'ann, then bob', ['line', 'cleo', 'cleo, each within']],
    ['/settings', 'preferences', { scope: 'type:nightly', quiet: '22:00-07:00' }, '22:00-07:00', ['quiet', '23:00-06:00', '23:00-06:00']],
  ]) {
    const [page, other] = [await tab(one, path), await tab(one, path)];
    await live(page);
    await live(other);
    for (const [id, value] of Object.entries(fill)) await page.fill(`#${id}`, value);
    await page.locator(`#${Object.keys(fill)[0]}`).press('Enter');
    const row = (seen, words) => seen.locator(`[data-fragment=${fragment}] li`, { hasText: 'nightly' }).filter({ hasText: words });
    for (const seen of [page, other]) await row(seen, shown).waitFor({ timeout: 10_000 });
    await row(page, shown).locator('a', { hasText: 'Change' }).click();
    await page.waitForURL((url) => url.search !== '');
    await live(page);
    await page.fill(`#${changed[0]}`, changed[1]);
    await page.locator(`#${changed[0]}`).press('Enter');
    for (const seen of [page, other]) await row(seen, changed[2]).waitFor({ timeout: 10_000 });
    await row(page, changed[2]).locator('button', { hasText: 'Remove' }).click();
    for (const seen of [page, other]) await row(seen, '').waitFor({ state: 'hidden', timeout: 10_000 });
  }
});

await check('Ctrl-K finds what is typed, and opens it by keyboard alone', async (context) => {
  const page = await tab(await context(), '/');
  await hydrated(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('record/1');
  await page.locator('#find-results a', { hasText: 'record/1' }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await Promise.all([page.waitForURL(`${base}/records/1`), page.keyboard.press('Enter')]);
  await hydrated(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('rec');
  await Promise.all([page.waitForURL(`${base}/search?q=rec`), page.keyboard.press('Enter')]);
});

/** A way to the platform that can fall silent, as a network does: nothing is refused, nothing comes. */
async function silentWay() {
  const { hostname, port } = new URL(base);
  const sockets = new Set();
  let silent = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from);
      if (silent) from.pause();
      from.on('data', (bytes) => to.write(bytes));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    silence(yes) {
      silent = yes;
      sockets.forEach((socket) => (yes ? socket.pause() : socket.resume()));
    },
    close() {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}

await check('a page that has lost its stream says so within 10 s, and no longer when it is back', async (context) => {
  const way = await silentWay();
  try {
    const one = await context();
    const tabs = [await tab(one, `${way.base}/records/1`), await tab(one, `${way.base}/inbox`)];
    const lost = (page, yes) =>
      page.waitForFunction(
        (wanted) => (getComputedStyle(document.querySelector('.lost')).visibility === 'visible') === wanted,
        yes,
        { timeout: 10_000 },
      );
    for (const page of tabs) await live(page);
    for (const page of tabs) await lost(page, false);
    way.silence(true);
    for (const page of tabs) await lost(page, true);
    way.silence(false);
    for (const page of tabs) await lost(page, false);
    const value = `after the silence ${Date.now()}`;
    await post('/api/update/1', JSON.stringify({ value }));
    await until(tabs[0], '.record .value', value);
    forgiveCutConnections();
  } finally {
    way.close();
  }
});

await check('an update is seen in another tab and in another browser', async (context) => {
  const one = await context();
  const [writer, reader] = [await tab(one, '/records/1'), await tab(one, '/records/1')];
  const stranger = await tab(await context(), '/records/1');
  for (const page of [writer, reader, stranger]) {
    await hydrated(page);
    await live(page);
  }
  const value = `kept </script> & ${Date.now()}`;
  await writer.fill('#new-value', value);
  await writer.click('button.primary');
  for (const page of [writer, reader, stranger]) {
    await until(page, '.record .value', value);
    await until(page, '.changes li:first-child .new', value);
  }
  expect(await writer.inputValue('#new-value'), '', 'the field after an update');
});

await check('tabs of one browser share one stream, and the next tab takes it over', async (context) => {
  const one = await context();
  let streams = 0;
  one.on('request', (request) => {
    if (request.url().includes('/api/stream')) streams++;
  });
  const first = await tab(one, '/records/1');
  await live(first);
  const others = [await tab(one, '/records/1'), await tab(one, '/inbox'), await tab(one, '/')];
  for (const page of others) await live(page);
  expect(streams, 1, 'the number of streams of four tabs');
  await first.close();
  const value = `after the leader left ${Date.now()}`;
  await post('/api/update/1', JSON.stringify({ value }));
  await until(others[0], '.record .value', value);
  expect(streams, 2, 'the number of streams after the leading tab closed');
});

await check('watching counts at once, in the header and in the list', async (context) => {
  const one = await context();
  const page = await tab(one, '/records/1');
  const list = await tab(one, '/watches');
  await hydrated(page);
  await hydrated(list);
  const before = Number(await text(page, '[data-tone=quiet] [aria-hidden]'));
  const watched = (await text(page, 'form.watch button')) === 'Unwatch';
  await page.click('form.watch button');
  await until(page, 'form.watch button', watched ? 'Watch' : 'Unwatch');
  await until(page, '[data-tone=quiet] [aria-hidden]', String(before + (watched ? -1 : 1)));
  await page.click('form.watch button');
  await until(page, 'form.watch button', watched ? 'Unwatch' : 'Watch');
  await until(page, '[data-tone=quiet] [aria-hidden]', String(before));
});

await check('the address book changes by its form, and in another tab', async (context) => {
  const one = await context();
  const page = await tab(one, '/settings');
  const other = await tab(one, '/settings');
  await live(page);
  await live(other);
  const name = `webhook/t${Date.now()}`;
  await page.fill('#channel', name);
  await page.fill('#address', 'https://hooks.example/one');
  await page.fill('#secret', `whsec_${'A'.repeat(32)}`);
  await page.click('form.inline button');
  for (const seen of [page, other]) {
    await seen.locator('[data-fragment=endpoints] li', { hasText: name }).waitFor({ timeout: 10_000 });
  }
  await page.click(`button[aria-label="Remove ${name}"]`);
  for (const seen of [page, other]) {
    await seen.locator('[data-fragment=endpoints] li', { hasText: name }).waitFor({ state: 'hidden', timeout: 10_000 });
  }
});

await check('the result of a test shows while the pointer is still on its button', async (context) => {
  const page = await tab(await context(), '/settings');
  await live(page);
  const name = `webhook/t${Date.now()}`;
  await post('/api/endpoints', JSON.stringify({ channel: name, address: 'https://hooks.example/two' }));
  const row = page.locator('[data-fragment=endpoints] li', { hasText: name });
  await row.locator('button[value=test]').click();
  await row.locator('.muted', { hasText: 'test failed' }).waitFor({ timeout: 10_000 });
  expect(await row.locator('button[value=test]').evaluate((button) => button.matches(':hover')), true, 'that the pointer is on the button');
  await post('/api/endpoints', JSON.stringify({ channel: `${name}a`, address: 'https://hooks.example/two' }));
  await page.mouse.move(5, 5);
  await page.locator('[data-fragment=endpoints] li', { hasText: `${name}a` }).waitFor({ timeout: 10_000 });
});

await check('the inbox fills, and is worked by keyboard alone', async (context) => {
  await post('/api/watches', JSON.stringify({ target: 'order/*' }));
  const page = await tab(await context(), '/inbox');
  await hydrated(page);
  await live(page);
  const stamp = Date.now();
  await event(`a-${stamp}`, `order/a-${stamp}`);
  await event(`b-${stamp}`, `order/b-${stamp}`);
  await page.waitForFunction((s) => document.querySelector('.inbox li .mono')?.textContent === s, `order/b-${stamp}`);
  const unread = Number(await text(page, '[data-tone=accent] [aria-hidden]'));
  await page.keyboard.press('j');
  expect(await page.getAttribute('.inbox li:first-child', 'data-chosen'), 'yes', 'the first row chosen');
  await page.keyboard.press('e');
  await until(page, '.inbox li:first-child .mono', `order/a-${stamp}`);
  await until(page, '[data-tone=accent] [aria-hidden]', String(unread - 1));
  await page.keyboard.press('u');
  await until(page, '.inbox li:first-child .mono', `order/b-${stamp}`);
  await until(page, '[data-tone=accent] [aria-hidden]', String(unread));
  await page.keyboard.press('?');
  expect(await page.locator('#keys').evaluate((dialog) => dialog.open), true, 'the list of keys');
});

await check('what the user is about to press stays where it is, and focus stays where it was', async (context) => {
  await post('/api/watches', JSON.stringify({ target: 'order/*' }));
  const stamp = Date.now();
  await event(`p-${stamp}`, `order/p-${stamp}`);
  const page = await tab(await context(), '/inbox');
  await hydrated(page);
  await live(page);
  const row = page.locator('.inbox li', { hasText: `order/p-${stamp}` });
  const first = () => text(page, '.inbox li:first-child .mono');
  await row.locator('button[value=done]').hover();
  const before = await row.boundingBox();
  await event(`q-${stamp}`, `order/q-${stamp}`);
  const unread = page.locator('[data-tone=accent] [aria-hidden]');
  const count = Number(await unread.innerText());
  await page.waitForFunction((n) => Number(document.querySelector('[data-tone=accent] [aria-hidden]').textContent) !== n, count, { timeout: 3_000 }).catch(() => {});
  expect((await row.boundingBox()).y, before.y, 'the place of the row under the pointer');
  await page.mouse.move(5, 5);
  await until(page, '.inbox li:first-child .mono', `order/q-${stamp}`);
  await row.locator('a.title').focus();
  await event(`r-${stamp}`, `order/r-${stamp}`);
  await until(page, '.inbox li:first-child .mono', `order/r-${stamp}`);
  expect(await first(), `order/r-${stamp}`, 'the newest row');
  expect(await row.locator('a.title').evaluate((link) => link === document.activeElement), true, 'that the row keeps the focus');
});

await check('an island that hydrates late keeps what the server wrote and catches up', async (context) => {
  let letGo = () => {};
  const held = new Promise((done) => (letGo = done));
  const page = await tab(await context(), '/records/1', async (page) => {
    await page.route('**/Header.*.js', async (route) => {
      await held;
      await route.continue();
    });
  });
  const island = 'astro-island[component-url*=Watch]';
  await page.waitForFunction((s) => document.querySelector(s) && !document.querySelector(s).ssr && !document.querySelector(s).hasAttribute('ssr'), island);
  const before = Number(await text(page, '[data-tone=quiet] [aria-hidden]'));
  const node = await page.locator('header nav').elementHandle();
  const watched = (await text(page, 'form.watch button')) === 'Unwatch';
  await page.click('form.watch button');
  await until(page, 'form.watch button', watched ? 'Watch' : 'Unwatch');
  letGo();
  await hydrated(page);
  await until(page, '[data-tone=quiet] [aria-hidden]', String(before + (watched ? -1 : 1)));
  expect(await node.evaluate((nav) => nav.isConnected), true, "the server's own navigation in the page");
  await page.click('form.watch button');
});

await check(`nothing moves, no policy is violated, and a page has at most ${JS_BUDGET / 1024} KB of scripts without charts`, async (context) => {
  for (const width of [1280, 390]) {
    const one = await context({ viewport: { width, height: 800 } });
    const page = await tab(one, PAGES[0]);
    for (const path of PAGES) {
      await page.goto(base + path);
      await hydrated(page);
      await settled(page);
      const seen = await page.evaluate(() => ({
        shifts: window.shifts.join(', '),
        violations: window.violations.join(', '),
        tooWide: document.documentElement.scrollWidth > innerWidth,
        scripts: performance
          .getEntriesByType('resource')
          .filter((entry) => entry.name.endsWith('.js') && !entry.name.includes('/plot.'))
          .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
      }));
      expect(seen.shifts, '', `what moves on ${path} at ${width} px`);
      expect(seen.violations, '', `violations on ${path}`);
      expect(seen.tooWide, false, `${path} at ${width} px scrolls sideways, which`);
      expect(seen.scripts <= JS_BUDGET, true, `${seen.scripts} bytes on ${path} within the budget, which`);
      if (width === 1280) console.log(`# ${path} ${seen.scripts} bytes of scripts`);
    }
  }
});

await check('nothing moves while a page arrives in pieces', async (context) => {
  const slow = await slowWay(base);
  try {
    for (const width of [1280, 390]) {
      const one = await context({ viewport: { width, height: 800 } });
      const page = await tab(one, slow.base + PAGES[0]);
      for (const path of PAGES) {
        await page.goto(slow.base + path);
        await hydrated(page);
        await settled(page);
        expect(await page.evaluate(() => window.shifts.join(', ')), '', `what moves on ${path} at ${width} px`);
      }
    }
  } finally {
    slow.close();
  }
});

await check('axe finds nothing, light and dark', async (context) => {
  const one = await context({ bypassCSP: true });
  const page = await tab(one, PAGES[0]);
  for (const path of PAGES) {
    await page.goto(base + path);
    await hydrated(page);
    await page.evaluate(axe);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(() => window.axe.run());
      const said = violations.map((v) => `${v.impact} ${v.id} (${v.nodes[0].target})`);
      expect(said.join(', '), '', `what axe finds on ${path}, ${colorScheme},`);
    }
  }
});

await check('without JavaScript everything is readable and forms work', async (context) => {
  const page = await tab(await context({ javaScriptEnabled: false }), '/records/1', async () => {}).catch(() => null);
  const value = `by POST ${Date.now()}`;
  await page.fill('#new-value', value);
  await page.click('button.primary');
  expect(await text(page, '.record .value'), value, 'the value after a plain POST');
  expect(page.url(), `${base}/records/1`, 'the address after a plain POST');
  await page.goto(`${base}/inbox`);
  await page.click('text=Mark all read');
  expect((await text(page, '.inbox header p')), 'Nothing unread.', 'the inbox after a plain POST');
});

await check('the theme is the cookie\'s from the first byte', async (context) => {
  const page = await tab(await context({ colorScheme: 'light' }), '/settings');
  await page.click('.who summary');
  await page.click('.themes button[value=dark]');
  await page.waitForLoadState();
  expect(await page.getAttribute('html', 'data-theme'), 'dark', 'the theme');
  expect(page.url(), `${base}/settings`, 'the page after choosing a theme');
  const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(ground, 'rgb(16, 17, 19)', 'the background');
});

await browser.close();
