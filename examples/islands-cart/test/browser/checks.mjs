// Drives a running shop in Chromium: node test/browser/checks.mjs BASE.
// Prints one line a check, "ok NAME" or "not ok NAME: REASON"; the example's tests read them.
import { readFileSync } from 'node:fs';
import {
  base, browser, check, expect, hydrated, settled, tab, text, until,
} from '../../../../console/test/browser/harness.mjs';
import { slowWay } from '../../../../console/test/browser/slow.mjs';

const axe = readFileSync(new URL('../../../../console/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

const count = '.cart-summary .count';
const add = (product) => `form[action="/cart/add"]:has(input[value=${product}]) button`;
const cookies = async (context) => (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
/** The page as the server sends it to this browser, and what is in its cart. */
const html = async (context) => (await fetch(base, { headers: { cookie: await cookies(context) } })).text();
const cart = async (context) => (await fetch(`${base}/cart`, { headers: { cookie: await cookies(context) } })).json();
/** Adds as another tab of the same browser does. */
const post = async (context, path, fields) =>
  fetch(base + path, {
    method: 'POST',
    headers: { cookie: await cookies(context), origin: base, accept: 'application/json' },
    body: new URLSearchParams(fields),
  });

async function unmoved(page) {
  const seen = await page.evaluate(() => ({ shifts: window.shifts.join(', '), violations: window.violations.join(', ') }));
  expect(seen.shifts, '', 'what moves');
  expect(seen.violations, '', 'what the content policy forbids');
}

await check('a card of Svelte, a header of React and a drawer of Preact show one cart', async (context) => {
  const one = await context();
  const page = await tab(one, '/');
  await hydrated(page);
  expect(await text(page, count), '0 items', 'the count of a new browser');
  expect(await page.locator('.drawer').isVisible(), false, 'that the drawer is open');
  await page.click(add('lamp'));
  await until(page, count, '1 item');
  await until(page, '.drawer .sum .total', '$49.00');
  await until(page, '.card .held', '1 in your cart');
  await page.locator('.drawer').waitFor();
  await page.click(add('mug'));
  await page.click(add('lamp'));
  await until(page, count, '3 items');
  await until(page, '.cart-summary .total', '$116.50');
  await until(page, '.drawer li .times', '2 ×');
  await page.click('.drawer li:first-child button');
  await until(page, '.cart-summary .total', '$67.50');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('.drawer').dataset.open === 'no');
  await page.click('.cart-summary');
  await page.waitForFunction(() => document.querySelector('.drawer').dataset.open === 'yes');
  await page.waitForFunction(async () => {
    const { items, isDrawerOpen } = await (await fetch('/cart')).json();
    return items.length === 2 && isDrawerOpen;
  });
  expect(await page.evaluate(() => window.violations.join(', ')), '', 'what the content policy forbids');
});

await check('nothing moves while the page arrives in pieces', async (context) => {
  const slow = await slowWay(base);
  try {
    const one = await context();
    for (const visit of ['the first visit', 'a visit with all styles at hand']) {
      const page = await tab(one, slow.base);
      await hydrated(page);
      await settled(page);
      expect(await page.evaluate(() => window.shifts.join(', ')), '', `what moves on ${visit}`);
      await page.close();
    }
  } finally {
    slow.close();
  }
});

await check('the saved cart is in the first paint, and nothing shows a zero before it', async (context) => {
  const one = await context();
  await hydrated(await tab(one, '/'));
  for (const id of ['mug', 'mug', 'plant']) await post(one, '/cart/add', { id });
  const sent = await html(one);
  expect(sent.includes('<span class="count">3 items</span><span class="total">$59.40</span>'), true, 'that the first bytes have the count');
  const page = await tab(one, '/', (page) =>
    page.addInitScript(() => {
      window.counts = new Set();
      const look = () => {
        const shown = document.querySelector('.cart-summary .count')?.textContent;
        if (shown) window.counts.add(shown);
      };
      new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
      const frame = () => {
        look();
        requestAnimationFrame(frame);
      };
      frame();
    }),
  );
  await hydrated(page);
  await settled(page);
  expect(await page.evaluate(() => [...window.counts].join()), '3 items', 'what the header ever showed');
  expect(await page.locator('.drawer').isVisible(), true, 'that the drawer is open as it was left');
  await unmoved(page);
});

await check('a page whose scripts never come shows the saved cart all the same', async (context) => {
  const one = await context();
  await hydrated(await tab(one, '/'));
  await post(one, '/cart/add', { id: 'stool' });
  const page = await tab(one, '/', (page) => page.route('**/*.js', (route) => route.abort()));
  expect(await text(page, count), '1 item', 'the count');
  expect(await text(page, '.drawer li .title'), 'Oak stool', 'what the drawer holds');
}, /ERR_FAILED|Failed to fetch|dynamically imported/);

for (const [island, selector] of [['Header', '.top nav'], ['Drawer', '.drawer'], ['Product', '.card']]) {
  await check(`the island ${island} hydrates after another changed the cart, and keeps what the server wrote`, async (context) => {
    let letGo = () => {};
    const held = new Promise((done) => (letGo = done));
    const one = await context();
    const page = await tab(one, '/', async (page) => {
      await page.route(`**/${island}.*.js`, async (route) => {
        await held;
        await route.continue();
      });
    });
    const ready = (name) => page.waitForFunction((n) => !document.querySelector(`astro-island[component-url*="/${n}."]`).hasAttribute('ssr'), name);
    const node = await page.locator(selector).first().elementHandle();
    if (island === 'Product') {
      await ready('Header');
      await page.click('.cart-summary');
      await ready('Drawer');
      await page.waitForFunction(() => document.querySelector('.drawer').dataset.open === 'yes');
    } else {
      await ready('Product');
      await page.click(add('clock'));
      await until(page, '.card:has(input[value=clock]) .held', '1 in your cart');
    }
    letGo();
    await hydrated(page);
    if (island !== 'Product') {
      await until(page, count, '1 item');
      await until(page, '.drawer .sum .total', '$36.00');
    }
    expect(await node.evaluate((kept) => kept.isConnected), true, "that the server's own elements are in the page");
    await unmoved(page);
  });
}

await check('ten items are the limit, however fast somebody clicks', async (context) => {
  const one = await context();
  const page = await tab(one, '/');
  await hydrated(page);
  await page.locator(add('mug')).evaluate((button) => {
    for (let i = 0; i < 12; i++) button.click();
  });
  await until(page, count, '10 items');
  await until(page, '.said span', 'Your cart holds 10 items, which is the limit.');
  await until(page, '.card .held', 'Not in your cart');
  expect(await text(page, add('lamp')), 'Cart is full', 'what the buttons say');
  await page.waitForFunction(async () => (await (await fetch('/cart')).json()).items.length === 10);
});

await check('the server keeps the limit of two pages that do not know of each other', async (context) => {
  const one = await context();
  const page = await tab(one, '/');
  await hydrated(page);
  const answers = await Promise.all(Array.from({ length: 12 }, () => post(one, '/cart/add', { id: 'notebook' })));
  const statuses = answers.map(({ status }) => status).sort().join();
  expect(statuses, [...Array(10).fill(200), 409, 409].join(), 'the answers to 12 adds at once');
  // This page still believes that its cart is empty.
  await page.click(add('lamp'));
  await until(page, count, '10 items');
  await until(page, '.said span', 'Your cart holds 10 items, which is the limit.');
}, /409/);

await check('without scripts the cart works by forms, and a reload repeats nothing', async (context) => {
  const one = await context({ javaScriptEnabled: false });
  const page = await one.newPage();
  await page.goto(base);
  const press = async (selector, options) => {
    await Promise.all([page.waitForEvent('load'), page.click(selector, options)]);
  };
  await press(add('lamp'));
  expect(page.url(), `${base}/`, 'where a form leads');
  expect(await text(page, count), '1 item', 'the count after adding');
  await page.reload();
  expect(await text(page, count), '1 item', 'the count after a reload');
  expect(await page.locator('.drawer').isVisible(), true, 'that adding opens the drawer');
  await press('.drawer header button');
  expect(await page.locator('.drawer').isVisible(), false, 'that closing leaves it open');
  await press('.cart-summary');
  expect(await page.locator('.drawer').isVisible(), true, 'that the header opens it');
  await press('.drawer li button');
  expect(await text(page, count), '0 items', 'the count after removing');
  for (let i = 0; i < 10; i++) await press(add('mug'));
  // Marked as disabled, and pressed all the same.
  await Promise.all([page.waitForEvent('load'), page.locator(add('mug')).focus().then(() => page.keyboard.press('Enter'))]);
  expect(await text(page, count), '10 items', 'the count after 11 adds');
  expect(await text(page, '.notice'), 'Your cart holds 10 items, which is the limit.', 'what the page says');
  await press('.drawer li button');
  expect(await page.locator('.notice').isVisible(), false, 'that it still says so when there is room');
});

await check('two browsers have two carts', async (context) => {
  const [one, other] = [await context(), await context()];
  const [page, stranger] = [await tab(one, '/'), await tab(other, '/')];
  await hydrated(page);
  await page.click(add('plant'));
  await until(page, count, '1 item');
  await stranger.reload();
  expect(await text(stranger, count), '0 items', "the other browser's count");
  expect(await page.evaluate(() => document.cookie), '', 'what scripts can read of the cookie');
});

await check('narrow and dark: nothing sideways, every button in reach, axe finds nothing', async (context) => {
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    const one = await context({ bypassCSP: true, viewport: { width, height } });
    await hydrated(await tab(one, '/'));
    for (const id of ['mug', 'lamp', 'plant']) await post(one, '/cart/add', { id });
    for (const open of ['yes', 'no']) {
      await post(one, '/cart/drawer', { open });
      const page = await tab(one, '/');
      await hydrated(page);
      await page.evaluate(axe);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() => window.axe.run());
        expect(violations.map((v) => `${v.impact} ${v.id} (${v.nodes[0].target})`).join(', '), '', `what axe finds at ${width} px, ${colorScheme},`);
        const seen = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth > innerWidth,
          out: [...document.querySelectorAll('button, a')]
            .filter((each) => each.checkVisibility({ visibilityProperty: true }))
            .filter((each) => each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().left < 0)
            .map((each) => each.textContent.trim())
            .join(', '),
        }));
        expect(seen.wide, false, `the page at ${width} px scrolls sideways, which`);
        expect(seen.out, '', `what stands outside at ${width} px`);
      }
      await page.close();
    }
  }
});

await check('on a wide screen the open drawer covers no card, and opening it moves none', async (context) => {
  for (const width of [1200, 1280, 1440, 1680, 1920]) {
    const one = await context({ viewport: { width, height: 900 } });
    const page = await tab(one, '/');
    await hydrated(page);
    const places = () => page.evaluate(() => [...document.querySelectorAll('.card')].map((each) => {
      const { left, right, top } = each.getBoundingClientRect();
      return { left, right, top };
    }));
    const before = await places();
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}-${width}-closed.png` });
    await page.click('.cart-summary');
    await page.waitForFunction(() => document.querySelector('.drawer').dataset.open === 'yes');
    await settled(page);
    expect(JSON.stringify(await places()), JSON.stringify(before), `the places of the cards at ${width} px`);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}-${width}-open.png` });
    const cut = await page.evaluate(() => [...document.querySelectorAll('.card h2')]
      .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent).join(', '));
    expect(cut, '', `names that are cut off at ${width} px`);
    const right = Math.max(...before.map((each) => each.right));
    expect(right <= width - 400, true, `that no card at ${width} px reaches below the drawer (${right})`);
  }
});

await browser.close();
