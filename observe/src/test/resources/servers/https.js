// Serves HTTPS and logs "METHOD path status"; once its input has ended it asks itself so many times,
// on kept and on new connections, and ends. Arguments: port, log, key, certificate, requests.
const https = require('https');
const fs = require('fs');
const [port, log, key, cert, count] = process.argv.slice(2);
const lines = [];
const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (req, res) => {
  let bytes = 0;
  req.on('data', (d) => { bytes += d.length; });
  req.on('end', () => {
    const status = req.url.startsWith('/missing') ? 404 : req.url.startsWith('/broken') ? 503 : 200;
    lines.push(`${req.method} ${req.url} ${status}`);
    res.writeHead(status, { 'Content-Type': 'text/plain' });
    res.end(req.url.startsWith('/large') ? 'x'.repeat(60000) : 'hello ' + bytes + '\n');
  });
});
server.listen(Number(port), '127.0.0.1');

function ask(agent, i) {
  const kinds = ['/orders/', '/missing/', '/large/', '/broken/'];
  return new Promise((done, failed) => {
    const req = https.request({ host: '127.0.0.1', port, agent, rejectUnauthorized: false,
      method: i % 3 ? 'GET' : 'POST', path: kinds[i % 4] + i }, (res) => {
      res.resume();
      res.on('end', done);
    });
    req.on('error', failed);
    req.end(i % 3 ? undefined : 'b'.repeat(2000));
  });
}

process.stdin.resume();
process.stdin.on('end', async () => {
  const kept = new https.Agent({ keepAlive: true, maxSockets: 4 });
  const each = new https.Agent({ keepAlive: false, maxSockets: 4 });
  for (let i = 0; i < Number(count); i += 8) {
    const wave = [];
    for (let k = i; k < Math.min(i + 8, Number(count)); k++) wave.push(ask(k % 8 ? kept : each, k));
    await Promise.all(wave);
  }
  fs.writeFileSync(log, lines.join('\n') + '\n');
  process.exit(0);
});
