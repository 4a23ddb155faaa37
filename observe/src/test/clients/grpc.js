// Serves gRPC and logs "METHOD number code" of each call; once its input has ended it calls itself so many times, several at
// once, and ends. Arguments: port, log, calls.
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const [port, log, count] = process.argv.slice(2);
const codes = ['OK', 'NOT_FOUND', 'OK', 'INTERNAL'];
const same = bytes => bytes;
const method = (name, responseStream) => ({
  path: '/shop.v1.Orders/' + name,
  requestStream: false,
  responseStream,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});
const orders = { Get: method('Get', false), List: method('List', true) };
const lines = [];

function answer(name, call) {
  const code = codes[call.request[0]];
  lines.push(`shop.v1.Orders/${name} ${call.metadata.get('x-number')[0]} ${code}`);
  return code === 'OK' ? null : { code: grpc.status[code], details: 'as asked' };
}

const server = new grpc.Server();
server.addService(orders, {
  Get: (call, done) => done(answer('Get', call), Buffer.alloc(3000)),
  List: call => {
    const failure = answer('List', call);
    if (failure) {
      call.emit('error', failure);
      return;
    }
    for (let i = 0; i < 5; i++) call.write(Buffer.alloc(3000));
    call.end();
  },
});

function ask(client, i) {
  const metadata = new grpc.Metadata();
  metadata.set('x-number', String(i));
  const bytes = Buffer.from([i % codes.length, 1, 2, 3]);
  return new Promise(done => {
    if (i % 5 === 0) {
      const list = client.List(bytes, metadata);
      list.on('data', () => {});
      list.on('error', () => {}); // a part of the calls is to fail
      list.on('status', done);
    } else {
      client.Get(bytes, metadata, done);
    }
  });
}

server.bindAsync('127.0.0.1:' + port, grpc.ServerCredentials.createInsecure(), () => {
  process.stdin.resume();
  process.stdin.on('end', async () => {
    const Client = grpc.makeGenericClientConstructor(orders);
    const each = async from => {
      const client = new Client('127.0.0.1:' + port, grpc.credentials.createInsecure(),
        { 'grpc.use_local_subchannel_pool': 1 });
      for (let i = from; i < Number(count); i += 8) await ask(client, i);
    };
    await Promise.all([...Array(8).keys()].map(each));
    fs.writeFileSync(log, lines.join('\n') + '\n');
    process.exit(0);
  });
});
