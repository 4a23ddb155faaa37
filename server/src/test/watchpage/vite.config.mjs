// The published page is JSX in files named .js, which Vite takes for plain JavaScript unless told.
import { defineConfig } from 'vite';

export default defineConfig({
  esbuild: { loader: 'jsx', include: /src\/.*\.jsx?$/, exclude: [] },
  logLevel: 'warn',
});
