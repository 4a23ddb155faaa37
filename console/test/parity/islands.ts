// Every island rendered by its own framework, for one state: the oracle of what the server fills.
import { h, type ComponentType } from 'preact';
import { render as preact } from 'preact-render-to-string';
import { render as svelte } from 'svelte/server';
import Header from '../../src/islands/Header';
import Inbox from '../../src/islands/Inbox.svelte';
import RecordPanel from '../../src/islands/RecordPanel.svelte';
import Watches from '../../src/islands/Watches.svelte';
import type { State } from '../../src/state/model';

const svelteIslands = { Inbox, RecordPanel, Watches };

/** The markup of an island as its framework writes it. */
export function renderIsland(name: string, props: Record<string, unknown>, state: State): string {
  globalThis.trothState = state;
  if (name === 'Header') return preact(h(Header as ComponentType<any>, props));
  const island = svelteIslands[name as keyof typeof svelteIslands];
  if (!island) throw new Error(`there is no island ${name}`);
  return svelte(island, { props }).body;
}
