// Every island rendered by its own framework, for one state: the oracle of what the server fills.
import { h, type ComponentType } from 'preact';
import { render as preact } from 'preact-render-to-string';
import { render as svelte } from 'svelte/server';
import Header from '../../src/islands/Header';
import Watch from '../../src/islands/Watch.svelte';
import type { State } from '../../src/state/model';

/** The markup of an island as its framework writes it. */
export function renderIsland(name: string, props: Record<string, unknown>, state: State): string {
  globalThis.trothState = state;
  switch (name) {
    case 'Header':
      return preact(h(Header as ComponentType<any>, props));
    case 'Watch':
      return svelte(Watch, { props }).body;
    default:
      throw new Error(`there is no island ${name}`);
  }
}
