// Drives the published page in Chromium: node page.mjs PLAYWRIGHT ADDRESS. Prints what was seen as JSON.
import { pathToFileURL } from 'node:url';

const [playwright, address] = process.argv.slice(2);
const { chromium } = await import(pathToFileURL(playwright).href);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const seen = { alerts: [], errors: [] };
try {
  const page = await browser.newPage();
  page.on('dialog', async (dialog) => {
    seen.alerts.push(dialog.message());
    await dialog.accept();
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('requestfailed', (request) => seen.errors.push(`${request.url()} ${request.failure()?.errorText}`));
  const after = (count) => page.waitForEvent('dialog').then(() => count);
  await page.goto(address);
  await page.getByText('Record: ').waitFor();
  seen.before = await page.locator('body').innerText();
  await Promise.all([after(1), page.getByRole('button', { name: 'Watch' }).click()]);
  await Promise.all([after(2), page.getByRole('button', { name: 'Update' }).click()]);
  await page.getByPlaceholder('New Value').fill('from the published page');
  await Promise.all([after(3), page.getByRole('button', { name: 'Update' }).click()]);
  await page.getByText('from the published page').waitFor();
  seen.after = await page.locator('body').innerText();
  seen.field = await page.getByPlaceholder('New Value').inputValue();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
