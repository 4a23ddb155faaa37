// Serves gRPC by Node's own HTTP/2 and logs "METHOD number code" of each call; once its input has ended it calls itself so many
// times, very many at once on one connection, and ends. Arguments: port, log, calls.
const fs = require('fs');
const http2 = require('http2');
const [port, log, count] = process.argv.slice(2);
const AT_ONCE = 400;
const lines = [];

const server = http2.createServer();
server.on('stream', (stream, headers) => {
  lines.push(headers[':path'].slice(1) + ' ' + headers['x-number'] + ' OK');
  stream.respond({ 'content-type': 'application/grpc', ':status': 200 }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.resume();
  stream.on('end', () => stream.end(Buffer.alloc(60)));
});

function ask(client, i) {
  return new Promise((done, failed) => {
    const call = client.request({
      ':method': 'POST',
      ':path': '/shop.v1.Orders/Get',
      'content-type': 'application/grpc',
      te: 'trailers',
      'x-number': String(i),
    });
    call.on('close', done);
    call.on('error', failed);
    call.resume();
    call.end(Buffer.alloc(60));
  });
}

server.listen(Number(port), '127.0.0.1', () => {
  process.stdin.resume();
  process.stdin.on('end', async () => {
    const client = http2.connect('http://127.0.0.1:' + port);
    await new Promise(done => client.once('remoteSettings', done));
    for (let from = 0; from < Number(count); from += AT_ONCE) {
      const calls = [];
      for (let i = from; i < Math.min(from + AT_ONCE, Number(count)); i++) calls.push(ask(client, i));
      await Promise.all(calls);
    }
    client.close();
    fs.writeFileSync(log, lines.join('\n') + '\n');
    process.exit(0);
  });
});
