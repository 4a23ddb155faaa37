// Drives a platform where callers log in: node test/browser/rights.mjs BASE TOKEN OTHER, with the tokens
// of two users, ann and bob.
import { browser, check, expect, live, tab } from './harness.mjs';

const [ann, bob] = process.argv.slice(3);

async function signIn(page, token) {
  await page.goto(new URL('/login', page.url()).href);
  await page.fill('#token', token);
  await Promise.all([page.waitForURL((url) => url.pathname === '/'), page.click('button.primary')]);
}

const user = (page) => page.locator('.who summary .clip').innerText();

await check('a tab whose user has signed out elsewhere asks to sign in', async (context) => {
  const one = await context();
  const other = await tab(one, '/login');
  await signIn(other, ann);
  const open = await tab(one, '/inbox');
  await live(open);
  await other.click('.who summary');
  await Promise.all([other.waitForURL('**/login'), other.click('text=Sign out')]);
  await open.waitForURL('**/login?back=%2Finbox', { timeout: 20_000 });
}, /401/);

await check('a tab becomes that of whoever signs in next', async (context) => {
  const one = await context();
  const other = await tab(one, '/login');
  await signIn(other, ann);
  const open = await tab(one, '/records/1');
  await live(open);
  expect(await user(open), 'ann', 'the user of the tab');
  await signIn(other, bob);
  await open.waitForFunction(() => document.querySelector('.who summary .clip')?.textContent === 'bob', null, { timeout: 20_000 });
  await live(open);
}, /401/);

await browser.close();
