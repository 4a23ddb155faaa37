// Drives the page built on watch.js in Chromium: node watch.mjs PLAYWRIGHT ORIGIN FOREIGN. Prints what was seen as JSON.
import { pathToFileURL } from 'node:url';

const [playwright, origin, foreign] = process.argv.slice(2);
const { chromium } = await import(pathToFileURL(playwright).href);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const seen = { errors: [], bells: [] };
const others = (path) => fetch(`${origin}/${path}`).then((answer) => answer.text());
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  await page.goto(origin);
  await page.getByText('Record: Demo Record').waitFor();
  const bell = (name) => page.getByRole('button', { name, exact: true });
  const heard = async (name) => {
    await bell(name).waitFor();
    seen.bells.push(name);
  };
  await heard('Inbox, 0 unread');
  await page.getByRole('button', { name: 'Watch', pressed: false }).click();
  const watching = page.getByRole('button', { name: 'Watching' });
  await watching.waitFor();
  seen.watched = await watching.getAttribute('aria-pressed');
  await others('others-update?first');
  await heard('Inbox, 1 unread');
  await page.getByText('Value: first').waitFor();
  await bell('Inbox, 1 unread').click();
  await heard('Inbox, 0 unread');
  seen.list = await page.locator('.troth-bell-list').innerText();
  seen.link = await page.locator('.troth-bell-list a').first().getAttribute('href');
  const panel = await page.locator('.troth-bell-list').boundingBox();
  seen.within = panel.x >= 0 && panel.x + panel.width <= page.viewportSize().width;
  await others('two-hours-later');
  await watching.click();
  await page.getByRole('button', { name: 'Watch', pressed: false }).waitFor();
  await others('others-update?second');
  await page.getByText('Value: second').waitFor();
  await heard('Inbox, 0 unread');
  await page.getByPlaceholder('New Value').fill('from the page');
  await page.getByRole('button', { name: 'Update' }).click();
  await page.getByText('Value: from the page').waitFor();

  await watching.or(page.getByRole('button', { name: 'Watch', pressed: false })).waitFor();
  await others('revoke');
  await page.getByText('Signed out.').waitFor();
  await page.getByRole('button', { name: 'Watch', pressed: false }).waitFor();
  seen.afterRevocation = await page.locator('.troth-bell-list').innerText();

  const stranger = await browser.newPage();
  await stranger.goto(foreign);
  const status = stranger.getByRole('status');
  await status.getByText('Failed to fetch').waitFor();
  seen.foreign = await status.innerText();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
