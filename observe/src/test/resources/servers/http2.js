// Serves HTTP/2 in cleartext to itself on one connection. Asks a few times and makes the file LOG.ready; once its input has
// ended, asks COUNT times more, logs "METHOD path status" of those and ends. Arguments: log, count.
const http2 = require('http2');
const fs = require('fs');
const [log, count] = process.argv.slice(2);
const lines = [];
const server = http2.createServer();
server.on('stream', (stream, headers) => {
  const path = headers[':path'];
  const status = path.startsWith('/missing') ? 404 : path.startsWith('/made') ? 201 : 200;
  if (!path.endsWith('?')) lines.push(`${headers[':method']} ${path} ${status}`);
  stream.resume();
  stream.respond({ ':status': status, 'content-type': 'text/plain' });
  stream.end('x'.repeat(path.startsWith('/large') ? 9000 : path.startsWith('/huge') ? 150000 : 20));
});
server.listen(0, '127.0.0.1', async () => {
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);
  const ask = (method, path) => new Promise((done, failed) => {
    const stream = client.request({ ':method': method, ':path': path });
    stream.on('error', failed);
    stream.on('end', done);
    stream.resume();
    stream.end(method === 'POST' ? 'b'.repeat(500) : undefined);
  });
  for (let i = 0; i < 10; i++) await ask('GET', '/orders/early?');
  fs.writeFileSync(log + '.ready', '');
  process.stdin.resume();
  process.stdin.on('end', async () => {
    const kinds = ['/orders/', '/missing/', '/large/'];
    for (let i = 0; i < Number(count); i += 4) {
      const wave = [];
      for (let k = i; k < i + 4; k++) wave.push(ask(k % 5 ? 'GET' : 'POST', kinds[k % 3] + k));
      await Promise.all(wave);
    }
    for (let i = 0; i < 10; i++) await ask('GET', '/huge/' + i);
    fs.writeFileSync(log, lines.join('\n') + '\n');
    process.exit(0);
  });
});
