import { defineConfig } from 'astro/config';
import preact from '@astrojs/preact';
import svelte from '@astrojs/svelte';

export default defineConfig({
  output: 'static',
  outDir: './target/site',
  cacheDir: './target/astro-cache',
  integrations: [preact(), svelte()],
  devToolbar: { enabled: false },
  compressHTML: true,
  // One file a page, named as the server asks for it: record.html, not record/index.html.
  build: { format: 'file', inlineStylesheets: 'never' },
  // Inlined assets would need data: in the content security policy.
  vite: { build: { assetsInlineLimit: 0 } },
});
