import { computed, type ReadableAtom } from 'nanostores';
import { $cart } from './cartStore';
import type { CartState } from './model';
import { paintedCart } from './painted';

/**
 * What an island shows: strings and rows only. `painted` is what the server wrote into the page,
 * `live` what is true now. At build time `painted` holds slots that the server fills.
 */
export interface View<V extends object> {
  painted(): V;
  live: ReadableAtom<V>;
}

export function view<V extends object>(select: (cart: CartState) => V, slots: V): View<V> {
  let snapshot: V | undefined;
  return {
    painted() {
      if (import.meta.env.SSR) return globalThis.trothCart ? select(globalThis.trothCart) : slots;
      return (snapshot ??= select(paintedCart()));
    },
    live: computed($cart, select),
  };
}

/** A place in a built page that the server fills. */
export const slot = (name: string): string => `\uE000${name}\uE001`;

/** For Svelte: says what was painted first, and the truth once the island is hydrated. */
export function readable<V extends object>({ painted, live }: View<V>) {
  return {
    subscribe(show: (value: V) => void): () => void {
      show(painted());
      if (import.meta.env.SSR) return () => {};
      let stop = () => {};
      let wanted = true;
      queueMicrotask(() => {
        if (wanted) stop = live.subscribe((value) => show(value as V));
      });
      return () => {
        wanted = false;
        stop();
      };
    },
  };
}
