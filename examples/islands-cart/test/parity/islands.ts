// Every island rendered by its own framework, for one cart: the oracle of what the server fills.
import { h, type ComponentType as PreactComponent } from 'preact';
import { render as preact } from 'preact-render-to-string';
import { createElement } from 'react';
import { renderToString as react } from 'react-dom/server';
import { render as svelte } from 'svelte/server';
import Drawer from '../../site/islands/preact/Drawer';
import Header from '../../site/islands/react/Header';
import Product from '../../site/islands/svelte/Product.svelte';
import type { CartState } from '../../site/state/model';

/** The markup of an island as its framework writes it. */
export function renderIsland(name: string, props: Record<string, unknown>, cart: CartState): string {
  globalThis.trothCart = cart;
  switch (name) {
    case 'Header':
      return react(createElement(Header, props));
    case 'Drawer':
      return preact(h(Drawer as PreactComponent<any>, props));
    case 'Product':
      return svelte(Product, { props: { product: plain(props.product) } as any }).body;
    case 'Said':
      return '';
    default:
      throw new Error(`there is no island ${name}`);
  }
}

/** Astro writes each value as a pair of its type and itself. */
function plain(product: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(product as Record<string, [number, unknown]>).map(([key, [, value]]) => [key, value]));
}
