import type { State } from './model';

const EMPTY: State = {
  epoch: '',
  rev: 0,
  now: '1970-01-01T00:00:00Z',
  me: { subject: '', role: '' },
  head: { unread: 0, watches: 0, burning: 0 },
};

let parsed: State | undefined;

/**
 * The state this page was painted with. It never changes while the page lives: islands that
 * hydrate late must find exactly what the server wrote, whatever has happened since.
 */
export function paintedState(): State {
  if (import.meta.env.SSR) return globalThis.trothState ?? EMPTY;
  if (!parsed) {
    const block = document.getElementById('troth-state');
    parsed = { ...EMPTY, ...JSON.parse(block?.textContent || '{}') } as State;
  }
  return parsed;
}

declare global {
  /** Set by the parity test alone, which renders islands with a state instead of slots. */
  var trothState: State | undefined;
}
