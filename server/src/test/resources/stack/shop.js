// Asks the service of orders over gRPC for each request and answers once it has; arguments: port, the
// service's port, "forward" or "not", and the log: "number traceparent" of each request.
const fs = require('fs');
const http = require('http');
const http2 = require('http2');
const [port, service, forwards, file] = process.argv.slice(2);
const log = fs.createWriteStream(file);
// One connection: what Node writes for very many streams at once comes in hundreds of pieces of memory.
const client = http2.connect('http://127.0.0.1:' + service);
const server = http.createServer((request, response) => {
  const number = request.headers['x-number'];
  const context = request.headers.traceparent;
  log.write(number + ' ' + (context || '-') + '\n');
  const headers = {
    ':method': 'POST',
    ':path': '/shop.v1.Orders/Get',
    'content-type': 'application/grpc',
    te: 'trailers',
    'x-number': number,
  };
  if (forwards === 'forward' && context) {
    headers.traceparent = context;
  }
  const text = Buffer.from(number + ' ' + (headers.traceparent || '-'));
  const frame = Buffer.alloc(5 + text.length);
  frame.writeUInt32BE(text.length, 1);
  text.copy(frame, 5);
  const call = client.request(headers);
  let status = '';
  call.on('trailers', trailers => { status = trailers['grpc-status']; });
  call.on('error', () => { status = 'error'; });
  call.on('close', () => {
    response.statusCode = status === '0' ? 200 : 502;
    response.end('ok');
  });
  call.resume();
  call.end(frame);
});
server.keepAliveTimeout = 600000; // longer than nginx keeps a connection
server.listen(Number(port), '127.0.0.1', 1024);
