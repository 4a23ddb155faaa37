// Takes pictures of a running console: node tools/screenshots.mjs BASE OUT [WIDTHxHEIGHT] [light|dark] PATH...
import { chromium } from 'playwright-core';
import { launchOptions } from './browser.mjs';

const [base, out, size, theme, ...paths] = process.argv.slice(2);
const [width, height] = size.split('x').map(Number);
const browser = await chromium.launch(launchOptions);
const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
const page = await context.newPage();
page.on('console', (message) => {
  if (message.type() === 'error') console.error(`${page.url()}: ${message.text()}`);
});
page.on('pageerror', (error) => console.error(`${page.url()}: ${error.message}`));
for (const path of paths) {
  // Twice: fonts that are not there in time are used from the next page on.
  await page.goto(base + path);
  await page.reload();
  await page.waitForFunction(() => !document.querySelector('astro-island[ssr]'));
  const name = path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'overview';
  await page.screenshot({ path: `${out}/${name}-${theme}-${width}.png` });
}
await browser.close();
