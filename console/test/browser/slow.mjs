// A way to the platform on which pages arrive in pieces, as over a bad network or on a crowded machine.
import { createServer, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const PIECES = 5;
/** Milliseconds between two pieces: two frames, so that a browser may paint what it has. */
const BETWEEN = 40;

async function inPieces(from, answer) {
  const page = Buffer.concat(await from.toArray());
  const size = Math.ceil(page.length / PIECES);
  for (let at = 0; at < page.length && !answer.destroyed; at += size) {
    answer.write(page.subarray(at, at + size));
    await pause(BETWEEN);
  }
  answer.end();
}

/** An address whose pages are those of `base`, slowly; everything else passes as it comes. */
export async function slowWay(base) {
  const { hostname, port } = new URL(base);
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers, 'accept-encoding': 'identity' };
    const onward = request({ hostname, port, path: asked.url, method: asked.method, headers }, (from) => {
      answer.writeHead(from.statusCode, from.headers);
      if (!from.headers['content-type']?.startsWith('text/html')) return from.pipe(answer);
      inPieces(from, answer).catch(() => answer.destroy());
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
