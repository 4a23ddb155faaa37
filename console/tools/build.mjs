// Builds the site of the working folder into the folder that Maven packs, target/classes/NAME: pages,
// assets with .gz and .br beside them, and a list of all of it, since a jar cannot be listed.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const site = 'target/site';
const out = `target/classes/${process.argv[2]}`;
const COMPRESSED = /\.(js|css|svg)$/;

rmSync(site, { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build', '--silent'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
});

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
cpSync(site, out, { recursive: true });

const files = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(out, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .sort();
// Fonts by a path from their style sheet: the site may be anywhere on its host.
for (const file of files.filter((name) => /^_astro\/[^/]*\.css$/.test(name))) {
  writeFileSync(join(out, file), readFileSync(join(out, file), 'utf8').replaceAll('url(/_astro/', 'url('));
}
for (const file of files.filter((name) => COMPRESSED.test(name))) {
  const bytes = readFileSync(join(out, file));
  writeFileSync(join(out, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  writeFileSync(
    join(out, `${file}.br`),
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  );
}
writeFileSync(join(out, 'files.txt'), files.map((file) => `${file}\n`).join(''));
