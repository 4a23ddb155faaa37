import { atom } from 'nanostores';
import { paintedState } from './boot';
import type { State } from './model';
import { Replica, type Operation } from './replica';

/** The one state below all islands, whatever framework they are written in. */
export const $state = atom<State>(paintedState());
/** Operations the server has not answered yet. */
export const $pending = atom(0);
/** What went wrong last, in one sentence for the user; empty when nothing did. */
export const $trouble = atom('');
/** Counts the changes of objectives and incidents, whose figures the server alone can compute. */
export const $moved = atom(0);
/** True while the stream of changes is open. */
export const $live = atom(false);

export const replica = new Replica<State>(paintedState(), (state, pending) => {
  $pending.set(pending);
  $state.set(state);
});

const json = { accept: 'application/json' };

async function answerOf(response: Response): Promise<State> {
  if (response.status === 401) location.assign(`/login?back=${encodeURIComponent(location.pathname)}`);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.detail ?? body.title ?? `the server said ${response.status}`);
  return body as State;
}

/** Does what a form of this page does, shown at once and taken back if the server refuses. */
export async function perform(
  action: string,
  fields: Record<string, string>,
  apply: Operation<State>['apply'],
): Promise<boolean> {
  const id = crypto.randomUUID();
  replica.begin({ id, apply });
  try {
    const answer = await fetch(action, {
      method: 'POST',
      headers: { ...json, 'idempotency-key': id },
      body: new URLSearchParams(fields),
    }).then(answerOf);
    $trouble.set('');
    replica.settle(id, answer);
    return true;
  } catch (trouble) {
    $trouble.set(sentence(trouble));
    replica.settle(id);
    return false;
  }
}

const ahead = Date.parse(paintedState().now) - Date.now();

/** Lets the words for how long ago something was grow old with it, by the server's clock. */
export function tick(): void {
  replica.adopt({ ...replica.server, now: new Date(Date.now() + ahead).toISOString() });
}

let asked = false;

/** Fetches this page's state again; calls that meet while one is under way are one. */
export async function resync(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    replica.adopt(await fetch(location.href, { headers: json, cache: 'no-store' }).then(answerOf));
  } catch (trouble) {
    $trouble.set(sentence(trouble));
  } finally {
    asked = false;
  }
}

function sentence(trouble: unknown): string {
  return trouble instanceof TypeError
    ? 'The platform does not answer. What you see may be old.'
    : String((trouble as Error).message);
}
