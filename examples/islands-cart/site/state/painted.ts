import type { CartState } from './model';

const EMPTY: CartState = { epoch: '', rev: 0, items: [], isDrawerOpen: false };

let parsed: CartState | undefined;

/**
 * The cart this page was painted with. It never changes while the page lives: islands that hydrate
 * late must find exactly what the server wrote, whatever has happened since.
 */
export function paintedCart(): CartState {
  if (import.meta.env.SSR) return globalThis.trothCart ?? EMPTY;
  return (parsed ??= {
    ...EMPTY,
    ...JSON.parse(document.getElementById('troth-state')?.textContent || '{}'),
  });
}

declare global {
  /** Set by the parity test alone, which renders islands with a cart instead of slots. */
  var trothCart: CartState | undefined;
}
