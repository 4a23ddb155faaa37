// A host of the module in forty lines: node host.mjs gate.wasm SETTINGS CORPUS NOW_MILLIS
// SETTINGS is what SettingsWriter wrote; each line of CORPUS is a reason's number and a token in hex.
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [wasm, settingsFile, corpus, now] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(wasm));
const instance = new WebAssembly.Instance(module, { gate: { verify: () => 0 } });
const gate = instance.exports;
const memory = () => new Uint8Array(gate.memory.buffer);

gate.start();
const settings = readFileSync(settingsFile);
const at = gate.settings(settings.length);
memory().set(settings, at);
if (gate.configure(settings.length) !== 0) {
  throw new Error('the module refused its settings');
}

// What the module is now is what every token finds.
const pristine = memory().slice();
const room = gate.max_token_bytes();

function verdict(token) {
  if (token.length <= room) {
    memory().set(token, gate.token());
  }
  const reason = gate.validate(token.length, BigInt(now));
  memory().set(pristine);
  return reason;
}

let count = 0;
for await (const line of createInterface({ input: createReadStream(corpus, 'ascii') })) {
  const [expected, hex] = line.split(' ');
  const reason = verdict(Buffer.from(hex, 'hex'));
  if (reason !== Number(expected)) {
    console.error(`verdict ${reason}, expected ${expected}: ${Buffer.from(hex, 'hex')}`);
    process.exit(1);
  }
  count++;
}
console.log(`${count} verdicts, all the same`);
