import preact from '@preact/preset-vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';

export const plugins = [preact({ devToolsEnabled: false, prefreshEnabled: false }), svelte({ configFile: false })];
