// Logs each answered request as "METHOD target status"; arguments: port, log file.
const http = require('http');
const fs = require('fs');
const log = fs.openSync(process.argv[3], 'a');
const server = http.createServer((request, response) => {
  response.on('finish', () => fs.writeSync(log, `${request.method} ${request.url} ${response.statusCode}\n`));
  let size = 0;
  request.on('data', chunk => { size += chunk.length; });
  request.on('end', () => {
    const path = request.url;
    if (path.startsWith('/missing')) response.statusCode = 404;
    if (path.startsWith('/broken')) response.statusCode = 503;
    if (path.startsWith('/large')) response.end('x'.repeat(1 << 20));
    else if (path.startsWith('/chunks')) {
      for (let i = 0; i < 5; i++) response.write('y'.repeat(30000));
      response.end();
    } else response.end(`${size}\n`);
  });
});
server.on('upgrade', (request, socket) => {
  fs.writeSync(log, `${request.method} ${request.url} 101\n`);
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
  socket.on('data', data => socket.write(data));
  socket.on('error', () => {});
});
server.keepAliveTimeout = 60000;
server.listen(Number(process.argv[2]), '127.0.0.1');
