import { defineConfig } from 'vitest/config';

export default defineConfig({ cacheDir: 'target/vite', test: { include: ['test/unit/**/*.test.ts'] } });
