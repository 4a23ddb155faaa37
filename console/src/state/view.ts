import { computed, type ReadableAtom } from 'nanostores';
import { paintedState } from './boot';
import type { State } from './model';
import { $state } from './watchlist';

/**
 * What an island shows: strings and rows only, derived from the state. `painted` is what the
 * server wrote into the page, `live` what is true now. At build time `painted` holds slots that
 * the server fills from the same names.
 */
export interface View<V extends object> {
  painted(): V;
  live: ReadableAtom<V>;
}

export function view<V extends object>(select: (state: State) => V, slots: V): View<V> {
  let snapshot: V | undefined;
  return {
    painted() {
      if (import.meta.env.SSR) return globalThis.trothState ? select(globalThis.trothState) : slots;
      return (snapshot ??= select(paintedState()));
    },
    live: computed($state, select),
  };
}

/** A place in a built page that the server fills. */
export const slot = (name: string): string => `\uE000${name}\uE001`;

/** A record of slots, all below one prefix. */
export function slots<K extends string>(prefix: string, ...names: K[]): Record<K, string> {
  return Object.fromEntries(names.map((name) => [name, slot(prefix + name)])) as Record<K, string>;
}

/** The Svelte side: a store that says what was painted first, and the truth after hydration. */
export function readable<V extends object>(view: View<V>) {
  return {
    subscribe(show: (value: V) => void): () => void {
      show(view.painted());
      if (import.meta.env.SSR) return () => {};
      let stop = () => {};
      let wanted = true;
      queueMicrotask(() => {
        if (wanted) stop = view.live.subscribe((value) => show(value as V));
      });
      return () => {
        wanted = false;
        stop();
      };
    },
  };
}
