import { renew } from './fragments';
import type { State } from './model';
import { $said, perform } from './watchlist';

/*
 * Forms marked data-scripted are sent by this script: the page shows at once what the user did, and
 * takes it back if the server refuses. Without scripts they are plain forms.
 */
type Apply = (state: State) => State;

/** What shows at once on the row in which it was pressed. */
const MARKED = new Set(['read', 'unread', 'done', 'remove', 'forget', 'unprefer', 'unescalate', 'ungroup']);

const SAME: Apply = (state) => state;

/** What a form does to the counts of the header; what the server alone can know waits for it. */
function applied(what: string, item: string | undefined): Apply {
  const unread = what === 'unread' ? Number(item !== 'unread') : -Number(item === 'unread');
  switch (what) {
    case 'read-all':
      return (state) => ({ ...state, unread: 0 });
    case 'read':
    case 'unread':
    case 'done':
      return (state) => ({ ...state, unread: state.unread + unread });
    case 'remove':
      return (state) => ({ ...state, watches: state.watches - 1 });
    default:
      return SAME;
  }
}

/** Sends a form as if the button had been pressed. */
export async function send(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<boolean> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) fields.append(name, String(value));
  const what = fields.get('do') ?? '';
  const row = form.closest<HTMLElement>('[data-item]');
  const before = row?.dataset.item;
  if (row && MARKED.has(what)) row.dataset.item = what;
  const shows = form.dataset.shows ? document.getElementById(form.dataset.shows) : null;
  const [shown, draft] = [shows?.textContent, fields.get('value') ?? ''];
  if (shows) shows.textContent = draft;
  const done = perform(form.getAttribute('action') ?? location.pathname, fields, applied(what, before));
  const typed = form.querySelector<HTMLInputElement>('[data-clears]');
  const text = typed?.value ?? '';
  if (typed) typed.value = '';
  if (await done) {
    if (what === 'done') $said.set('Done. Press u to undo.');
    const fragment = form.closest<HTMLElement>('[data-fragment]')?.dataset.fragment ?? form.dataset.renews;
    if (fragment) renew([fragment], form.closest<HTMLElement>('[data-key]')?.dataset.key);
    return true;
  }
  if (row && before) row.dataset.item = before;
  if (shows) shows.textContent = shown ?? '';
  // What was refused is given back, so that nobody types it twice.
  if (typed && typed.value === '') typed.value = text;
  return false;
}

export function listen(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches('form[data-scripted]')) return;
    event.preventDefault();
    void send(form, event.submitter as HTMLButtonElement | null);
  });
  const place = document.getElementById('said');
  $said.subscribe((text) => place && (place.textContent = text));
}
