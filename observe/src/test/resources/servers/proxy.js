// Answers /inner/N itself and fetches it for /proxy/N; argument: port.
const http = require('http');
const port = Number(process.argv[2]);
const agent = new http.Agent({keepAlive: true, maxSockets: 256});
http.createServer((request, response) => {
  if (request.url.startsWith('/inner/')) {
    setTimeout(() => response.end('ok'), Math.random() * 3);
    return;
  }
  http.get({port, host: '127.0.0.1', agent, path: request.url.replace('/proxy/', '/inner/')}, inner => {
    inner.resume();
    inner.on('end', () => response.end('done'));
  });
}).listen(port, '127.0.0.1', 1024);
