// What speaks TLS and gRPC beside the agent, on Node alone: `https PORT KEY CERTIFICATE` and `grpc PORT` serve, `load PORT SECONDS`
// calls the gRPC server from eight streams on one connection and prints how many calls were answered.
const fs = require('fs');
const [kind, port, third, fourth] = process.argv.slice(2);
const text = JSON.stringify({ id: 1, lines: ['one', 'two', 'three'] });

function frame(bytes) {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

if (kind === 'https') {
  const options = { key: fs.readFileSync(third), cert: fs.readFileSync(fourth) };
  require('https').createServer(options, (request, response) => response.end(text)).listen(Number(port), '127.0.0.1');
} else if (kind === 'grpc') {
  const answer = frame(Buffer.from(text));
  require('http2').createServer().on('stream', stream => {
    stream.resume();
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(answer);
    });
  }).listen(Number(port), '127.0.0.1');
} else {
  const client = require('http2').connect('http://127.0.0.1:' + port);
  const end = Date.now() + Number(third) * 1000;
  const question = frame(Buffer.from('order 1'));
  let answered = 0;
  let open = 8;
  const ask = () => {
    const stream = client.request({ ':method': 'POST', ':path': '/shop.v1.Orders/Get',
      'content-type': 'application/grpc', te: 'trailers' });
    stream.resume();
    stream.on('close', () => {
      answered++;
      if (Date.now() < end) {
        ask();
      } else if (--open === 0) {
        console.log(answered);
        client.close();
      }
    });
    stream.end(question);
  };
  for (let i = 0; i < 8; i++) ask();
}
