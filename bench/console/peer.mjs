// The peer: the record page with its islands rendered by their own frameworks in Node, per request.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const console_ = new URL('../../console/', import.meta.url);
const { renderIsland } = await import(new URL('target/parity/islands.js', console_));
const page = readFileSync(new URL('target/site/record.html', console_), 'utf8');
const state = {
  epoch: 'e', rev: 1, now: '2026-03-01T12:00:00Z', me: { subject: 'ada', role: 'member' },
  head: { unread: 3, watches: 2, burning: 0 },
  record: {
    id: '1', name: 'Demo Record', value: 'A promise kept', version: 20, watch: '7',
    changes: Array.from({ length: 20 }, (_, i) => ({
      seq: 20 - i, actor: 'ada', before: 'before', after: 'after', at: '2026-03-01T11:59:00Z',
    })),
  },
};
const ISLAND = /(<astro-island [^>]*?component-url="\/_astro\/(\w+)\.[^>]*>)(.*?)(<!--astro:end-->)/gs;

createServer((request, response) => {
  if (request.url === '/nothing') return response.end();
  const html = page
    .replace(ISLAND, (_, open, name, _old, end) => open + renderIsland(name, { section: 'records' }, state) + end)
    .replace('\uE000@state\uE001', JSON.stringify(state).replaceAll('<', '\\u003c'));
  response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
}).listen(0, '127.0.0.1', function () {
  process.send(this.address().port);
});
