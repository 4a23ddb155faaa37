// Looks up the names of its arguments when a line comes: lookups.js NAME...
const dns = require('dns');
process.stdin.once('data', async () => {
  for (const name of process.argv.slice(2)) {
    await dns.promises.resolve4(name).catch(() => {});
    await dns.promises.resolve6(name).catch(() => {});
  }
  process.exit(0);
});
