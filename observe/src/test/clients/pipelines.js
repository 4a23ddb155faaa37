// Once its input has ended, sends pipelines and single commands by ioredis on several connections, some of which fail, and
// ends. Arguments: port, commands.
const Redis = require('ioredis');
const [port, count] = process.argv.slice(2);
process.stdin.resume();
process.stdin.on('end', async () => {
  const each = async name => {
    const redis = new Redis({ port: Number(port), host: '127.0.0.1', db: name, disableClientInfo: true });
    let left = Number(count) / 4;
    for (let turn = 0; left > 0; turn++) {
      const pipeline = turn % 10 ? redis.pipeline() : redis.multi();
      const size = Math.min(left, 1 + (turn * 7) % 60);
      left -= size;
      for (let i = 0; i < size; i++) {
        const key = `${name}:${turn}:${i}`;
        // Within a transaction the answer of each is that it waits, so none of these is to fail.
        switch (turn % 10 ? (turn + i) % 7 : 0) {
          case 0: pipeline.set(key, 'x'.repeat((turn * i) % 900)); break;
          case 1: pipeline.lpush('list:' + name, key); break;
          case 2: pipeline.lpush('text', key); break; // fails: it is a text
          case 3: pipeline.get(`${name}:${turn}:${i - 3}`); break;
          case 4: pipeline.hset('hash:' + name, key, '1'); break;
          case 5: pipeline.incr('text'); break; // fails: it is no number
          default: pipeline.mget(key, 'text', 'none');
        }
      }
      await pipeline.exec();
      if (turn % 3 === 0) await redis.set('text', 'a');
    }
    redis.disconnect();
  };
  await Promise.all([0, 1, 2, 3].map(each));
});
