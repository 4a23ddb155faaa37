import { defineConfig } from 'astro/config';
import preact from '@astrojs/preact';
import react from '@astrojs/react';
import svelte from '@astrojs/svelte';

export default defineConfig({
  output: 'static',
  srcDir: './site',
  outDir: './target/site',
  cacheDir: './target/astro-cache',
  // Two frameworks that read .tsx: each has a folder of its own.
  integrations: [
    react({ include: ['**/islands/react/**'] }),
    preact({ include: ['**/islands/preact/**'] }),
    svelte(),
  ],
  devToolbar: { enabled: false },
  compressHTML: true,
  build: { format: 'file', inlineStylesheets: 'never' },
  // Inlined assets would need data: in the content security policy.
  vite: { build: { assetsInlineLimit: 0 } },
});
