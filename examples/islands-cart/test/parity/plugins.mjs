import { svelte } from '@sveltejs/vite-plugin-svelte';

// Vite itself compiles React and Preact: tsconfig.json and the pragma of a file say which it is.
export const plugins = [svelte({ configFile: false })];
