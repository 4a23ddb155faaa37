// Drives a platform where callers log in: node test/browser/rights.mjs BASE TOKEN OTHER READER ADMIN, with
// the tokens of two members, ann and bob, of a reader and of an administrator.
import { browser, check, expect, live, tab } from './harness.mjs';

const [ann, bob, reader, owner] = process.argv.slice(3);

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

await check('a reader sees no forms but those of the own session', async (context) => {
  const page = await tab(await context(), '/login');
  await signIn(page, reader);
  for (const path of ['/records/1', '/inbox', '/watches', '/oncall', '/settings']) {
    await page.goto(new URL(path, page.url()).href);
    const seen = await page.locator('main form').evaluateAll((forms) => forms.filter((form) => form.checkVisibility()).length);
    expect(seen, 0, `the number of forms on ${path}`);
  }
  for (const text of ['Add an address below', 'An e-mail address gets', 'A feed reader can show']) {
    expect(await page.getByText(text).first().isVisible(), false, `that a reader is told "${text}"`);
  }
  await page.goto(new URL('/watches', page.url()).href);
  expect(await page.locator('[aria-label="Add a watch"]').isVisible(), false, 'that a card has nothing but a hidden form');
  await page.click('.who summary');
  expect(await page.locator('.who form').first().isVisible(), true, 'that the theme can be chosen');
}, /401/);

await check('the audit log is for administrators, who find it in the menu of their name', async (context) => {
  const member = await tab(await context(), '/login');
  await signIn(member, ann);
  await member.click('.who summary');
  expect(await member.getByRole('link', { name: 'Audit log' }).isVisible(), false, 'that a member is led to the audit log');
  expect((await member.goto(new URL('/audit', member.url()).href)).status(), 403, 'the answer to a member');
  const admin = await tab(await context(), '/login');
  await signIn(admin, owner);
  await admin.click('.who summary');
  await admin.getByRole('link', { name: 'Audit log' }).click();
  await admin.waitForURL('**/audit');
  const rows = admin.locator('[data-fragment=acts] tbody tr');
  await rows.filter({ hasText: 'signed-in' }).filter({ hasText: 'ann' }).first().waitFor();
  await admin.fill('#acts-target', 'token/*');
  await admin.click('[data-fragment=acts] form button');
  await admin.waitForURL(/target=token/);
  await rows.filter({ hasText: 'token.issued' }).first().waitFor();
  expect(await rows.filter({ hasText: 'signed-in' }).count(), 0, 'the sign-ins among acts of tokens');
  const change = await rows.first().locator('a:visible').getAttribute('href');
  expect((await admin.goto(new URL(change, admin.url()).href)).status(), 200, `the answer to ${change}`);
}, /401|403/);

await browser.close();
