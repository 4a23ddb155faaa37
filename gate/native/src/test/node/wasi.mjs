// Runs the command in node:wasi: node wasi.mjs gate-wasi.wasm CORPUS FOLDER, with JWT_SECRET in the environment.
// Each line of CORPUS is the expected exit code, the expected line and a token in hex, separated by tabs.
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [wasm, corpus, folder] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(wasm));
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(JWT|GATE)_/.test(name)));

function run(token) {
  writeFileSync(`${folder}/in`, token);
  const stdin = openSync(`${folder}/in`, 'r');
  const stdout = openSync(`${folder}/out`, 'w');
  const stderr = openSync(`${folder}/err`, 'w');
  const wasi = new WASI({ version: 'preview1', args: [], env, stdin, stdout, stderr, returnOnExit: true });
  const code = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
  for (const file of [stdin, stdout, stderr]) closeSync(file);
  return `${code}\t${(readFileSync(`${folder}/out`, 'utf8') || readFileSync(`${folder}/err`, 'utf8')).trim()}`;
}

let count = 0;
for (const line of readFileSync(corpus, 'utf8').trim().split('\n')) {
  const [code, words, hex] = line.split('\t');
  const answer = run(Buffer.from(hex ?? '', 'hex'));
  if (answer !== `${code}\t${words}`) {
    console.error(`'${answer}', expected '${code}\t${words}': ${Buffer.from(hex ?? '', 'hex')}`);
    process.exit(1);
  }
  count++;
}
console.log(`${count} verdicts, all the same`);
