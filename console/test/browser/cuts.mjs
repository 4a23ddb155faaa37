// Streams that are cut again and again: node test/browser/cuts.mjs BASE CUTS. After the last one no part of an
// open page is older than the platform.
import { connect, createServer } from 'node:net';
import { base, browser, check, expect, forgiveCutConnections, hydrated, live, tab } from './harness.mjs';

const cuts = Number(process.argv[3]);
const post = (path, body) =>
  fetch(base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** A way to the platform whose streams can be cut; everything else passes. */
async function way() {
  const { hostname, port } = new URL(base);
  const streams = new Set();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.on('data', (bytes) => {
      if (bytes.includes('GET /api/stream')) streams.add(near);
      far.write(bytes);
    });
    far.on('data', (bytes) => near.write(bytes));
    for (const [from, to] of [[near, far], [far, near]]) {
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => (streams.delete(near), to.destroy()));
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    /** Cuts all streams that are open; how many there were. */
    cut() {
      const open = [...streams];
      open.forEach((socket) => socket.destroy());
      return open.length;
    },
    close: () => server.close(),
  };
}

/** Pages, and the part of each that shows the value of a record. */
for (const [path, where] of [['/records/1', '.record .value'], ['/', '[data-fragment=records]']]) {
  await check(`after ${cuts} cut streams no part of ${path} is stale`, async (context) => {
    const through = await way();
    try {
      const page = await tab(await context(), through.base + path);
      await hydrated(page);
      for (let cut = 0; cut < cuts;) {
        await live(page);
        cut += through.cut();
        // While nobody listens.
        const value = `${path} after ${cut} cuts`;
        expect((await post('/api/update/1', { value })).status, 200, 'the answer to an update');
        await page.waitForFunction(
          ([place, text]) => document.querySelector(place).textContent.includes(text),
          [where, value],
          { timeout: 20_000 },
        );
      }
      forgiveCutConnections();
    } finally {
      through.close();
    }
  });
}

await browser.close();
