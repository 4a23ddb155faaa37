import { atom } from 'nanostores';
import { paintedState } from './boot';
import type { State } from './model';
import { at, here } from './place';
import { Replica, type Operation } from './replica';

/** The one state below all islands, whatever framework they are written in. */
export const $state = atom<State>(paintedState());
/** One sentence for the user: what went wrong last, or what can be taken back; empty for nothing. */
export const $said = atom('');

export const replica = new Replica<State>(paintedState(), (state) => $state.set(state));

const LOST = 'The platform does not answer. What you see may be old.';

/** Where the user signs in, and comes back from. */
export function signIn(): void {
  location.assign(at(`/login?back=${encodeURIComponent(here())}`));
}

async function answerOf(response: Response): Promise<State> {
  if (response.status === 401) signIn();
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.detail ?? body.title ?? `the server said ${response.status}`);
  return body as State;
}

/** Does what a form of this page does, shown at once and taken back if the server refuses. */
export async function perform(
  action: string,
  fields: URLSearchParams,
  apply: Operation<State>['apply'],
): Promise<boolean> {
  const id = crypto.randomUUID();
  replica.begin({ id, apply });
  try {
    const answer = await fetch(action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: fields,
    }).then(answerOf);
    $said.set('');
    replica.settle(id, answer);
    return true;
  } catch (trouble) {
    $said.set(trouble instanceof TypeError ? LOST : sentence(trouble as Error));
    replica.settle(id);
    return false;
  }
}

/** The platform answers again, so nobody needs to be told that it does not. */
export function found(): void {
  if ($said.get() === LOST) $said.set('');
}

/** Watches the subject of the page, or ends that. */
export function setWatching(on: boolean): Promise<boolean> {
  return perform(location.pathname, new URLSearchParams({ do: on ? 'watch' : 'unwatch' }), (state) =>
    state.watched && state.watched.on !== on
      ? { ...state, watches: state.watches + (on ? 1 : -1), watched: { ...state.watched, on } }
      : state,
  );
}

function sentence({ message }: Error): string {
  return `Not done: ${message}${message.endsWith('.') ? '' : '.'}`;
}
