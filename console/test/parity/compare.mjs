// Compares pages that a server filled with what the islands render themselves, in the folder of a site:
// node compare.mjs < LINES, each {"page": html, "state": {...}}. The site's test/parity/islands.ts renders an
// island by its name, and its test/parity/plugins.mjs says how Vite compiles them.
// Prints how many islands were equal, or the first difference, and exits 1.
import { openSync, readSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { build } from 'vite';

const here = (path) => import(pathToFileURL(resolve(path)));
const { plugins } = await here('test/parity/plugins.mjs');
const out = 'target/parity';
rmSync(out, { recursive: true, force: true });
await build({
  configFile: false,
  logLevel: 'error',
  plugins,
  ssr: { noExternal: true },
  build: { ssr: 'test/parity/islands.ts', outDir: out, minify: false },
});
const { renderIsland } = await here(`${out}/islands.js`);

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", '#13': '\r' };
const decoded = (text) =>
  text.replaceAll(/&(amp|lt|gt|quot|#39|#x27|#13);/g, (_, name) => ENTITIES[name]).replaceAll('\0', '\uFFFD');

/** Tags, attributes and texts in order, each as a parser would see it; frameworks escape differently. */
function nodes(html) {
  const found = [];
  for (const [token, text] of html.matchAll(/<!--.*?-->|<(?:"[^"]*"|'[^']*'|[^>"'])*>|([^<]+)/gs)) {
    if (token.startsWith('<!--')) continue;
    if (text !== undefined) found.push(decoded(text));
    else {
      // An attribute without a value has the empty one.
      const valued = (_, value) => (value === '' ? '' : `=${JSON.stringify(decoded(value))}`);
      found.push(token.replaceAll(/="([^"]*)"/g, valued).replace(/ ?\/?>$/, '>'));
    }
  }
  return found;
}

const ISLAND = /<astro-island [^>]*?component-url="\/_astro\/(\w+)\.[^>]*? props="([^"]*)"[^>]*>(.*?)<!--astro:end--><\/astro-island>/gs;

/** Lines that end in LF alone: to the readline of Node, U+2028 ends one too. */
function* lines() {
  const input = openSync('/dev/stdin', 'r');
  const chunk = Buffer.alloc(1 << 20);
  let rest = Buffer.alloc(0);
  for (let read; (read = readSync(input, chunk)) > 0; ) {
    rest = Buffer.concat([rest, chunk.subarray(0, read)]);
    for (let end; (end = rest.indexOf(10)) >= 0; rest = rest.subarray(end + 1)) {
      yield rest.toString('utf8', 0, end);
    }
  }
}

let equal = 0;
for (const line of lines()) {
  const { page, state } = JSON.parse(line);
  for (const [, name, props, filled] of page.matchAll(ISLAND)) {
    const given = Object.fromEntries(Object.entries(JSON.parse(decoded(props))).map(([key, [, value]]) => [key, value]));
    const theirs = nodes(filled);
    const own = nodes(renderIsland(name, given, state));
    const at = own.findIndex((node, index) => node !== theirs[index]);
    if (at >= 0 || own.length !== theirs.length) {
      const where = at >= 0 ? at : Math.min(own.length, theirs.length);
      console.log(`${name} differs: the server wrote ${JSON.stringify(theirs[where])} after ${JSON.stringify(theirs[where - 1])}, the island ${JSON.stringify(own[where])}; state ${JSON.stringify(state).slice(0, 2000)}`);
      process.exit(1);
    }
    equal++;
  }
}
console.log(`${equal} islands equal`);
