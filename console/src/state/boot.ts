import type { State } from './model';

const EMPTY: State = {
  epoch: '',
  rev: 0,
  now: '1970-01-01T00:00:00Z',
  user: '',
  unread: 0,
  watches: 0,
  burning: 0,
};

let parsed: State | undefined;

/** The state in a document that the server wrote: this page, or fragments of it. */
export function stateIn(page: Document): State {
  return { ...EMPTY, ...JSON.parse(page.getElementById('troth-state')?.textContent || '{}') };
}

/**
 * The state this page was painted with. It never changes while the page lives: islands that
 * hydrate late must find exactly what the server wrote, whatever has happened since.
 */
export function paintedState(): State {
  if (import.meta.env.SSR) return globalThis.trothState ?? EMPTY;
  return (parsed ??= stateIn(document));
}

declare global {
  /** Set by the parity test alone, which renders islands with a state instead of slots. */
  var trothState: State | undefined;
}
