// Drives a platform behind a proxy, below a path of its host: node test/browser/prefix.mjs BASE TOKEN, with the
// address that a browser knows, http://127.0.0.1:8000/troth, and a member's token.
import { base, browser, check, expect, hydrated, live, settled, tab } from './harness.mjs';

const token = process.argv[3];
const { origin, pathname: prefix } = new URL(base);
const PAGES = ['/', '/records/1', '/objectives', '/incidents', '/traces', '/inbox', '/watches', '/settings'];

/** A tab that notes each request that leaves the prefix, and each answer that is none. */
async function watched(context, path) {
  const astray = [];
  const page = await tab(context, path, async (made) => {
    made.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin || !url.pathname.startsWith(`${prefix}/`)) astray.push(`asked for ${url.href}`);
    });
    made.on('response', (response) => {
      if (response.status() >= 400) astray.push(`${response.status()} of ${response.url()}`);
    });
  });
  return { page, astray };
}

async function signedIn(context) {
  const { page, astray } = await watched(context, '/inbox?kind=all');
  expect(page.url(), `${base}/login?back=%2Finbox%3Fkind%3Dall`, 'where a stranger is sent');
  await page.fill('#token', token);
  await Promise.all([page.waitForURL(`${base}/inbox?kind=all`), page.click('button.primary')]);
  return { page, astray };
}

await check('who signs in comes back to where they were, and the cookies stay below the prefix', async (context) => {
  const one = await context();
  const { astray } = await signedIn(one);
  expect(astray.join(', '), '', 'what left the prefix');
  const cookies = await one.cookies();
  expect(cookies.map((cookie) => cookie.path).join(), prefix, 'the paths of cookies');
});

await check('every page, link, form, script, style and font is below the prefix', async (context) => {
  const one = await context();
  await signedIn(one);
  for (const path of PAGES) {
    const { page, astray } = await watched(one, path);
    await hydrated(page);
    await settled(page);
    expect(astray.join(', '), '', `what left the prefix on ${path}`);
    const outside = await page.$$eval('a[href], form[action]', (all, start) =>
      all.map((each) => each.getAttribute('href') ?? each.getAttribute('action')).filter((to) => to.startsWith('/') && !to.startsWith(start)), `${prefix}/`);
    expect(outside.join(', '), '', `what leads out of the prefix on ${path}`);
    expect(await page.evaluate(() => window.violations.join(', ')), '', `violations on ${path}`);
    expect(await page.evaluate(() => [...document.fonts].some((font) => font.status === 'loaded')), true, `that a font came on ${path}, which`);
    await page.close();
  }
});

await check('a page follows changes through the proxy', async (context) => {
  const one = await context();
  await signedIn(one);
  const { page: open } = await watched(one, '/records/1');
  await live(open);
  const { page } = await watched(one, '/records/1');
  await hydrated(page);
  const value = `through the proxy ${Date.now()}`;
  await page.fill('#new-value', value);
  await page.click('button.primary');
  await open.waitForFunction((text) => document.querySelector('.record .value')?.textContent === text, value, { timeout: 10_000 });
});

await check('keys, the navigation, the theme and signing out stay below the prefix', async (context) => {
  const one = await context();
  await signedIn(one);
  const { page, astray } = await watched(one, '/');
  await hydrated(page);
  await page.keyboard.press('g');
  await Promise.all([page.waitForURL(`${base}/traces`), page.keyboard.press('t')]);
  await hydrated(page);
  await Promise.all([page.waitForURL(`${base}/objectives`), page.click('nav >> text=Objectives')]);
  await page.click('.who summary');
  await page.click('.themes button[value=dark]');
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  expect(page.url(), `${base}/objectives`, 'the page after choosing a theme');
  await page.click('.who summary');
  await Promise.all([page.waitForURL(`${base}/login`), page.click('text=Sign out')]);
  expect(astray.join(', '), '', 'what left the prefix');
  expect((await one.cookies()).map((cookie) => `${cookie.name} ${cookie.path}`).join(), `troth-theme ${prefix}`, 'the cookies after signing out');
});

await browser.close();
