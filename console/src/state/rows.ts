import { send } from './forms';
import { isTyping } from './keys';
import { renew } from './fragments';
import { perform } from './watchlist';

/* The keys of a list marked data-keys: j and k move, e is done, u takes the last done back. */
const list = () => document.querySelector<HTMLElement>('[data-keys]');
const rows = () => [...(list()?.querySelectorAll<HTMLElement>(':scope > li:not([data-item="done"])') ?? [])];

let chosen = '';
let place = -1;
let last = '';

function choose(index: number): void {
  const all = rows();
  place = Math.max(0, Math.min(all.length - 1, index));
  chosen = all[place]?.dataset.key ?? '';
  mark();
  // Of an empty list, the page: else the focus would fall to nothing, and keys with it.
  (all[place]?.querySelector('a') ?? document.getElementById('main'))?.focus({ preventScroll: true });
  all[place]?.scrollIntoView({ block: 'nearest' });
}

function mark(): void {
  rows().forEach((row) => (row.dataset.chosen = row.dataset.key === chosen ? 'yes' : 'no'));
}

function done(row: HTMLElement): void {
  const form = row.querySelector('form')!;
  last = row.dataset.key!;
  void send(form, form.querySelector('button[value=done]'));
  // The next row moves up into this place, and the focus with it.
  choose(place);
}

async function undo(): Promise<void> {
  const fields = new URLSearchParams({ do: 'undo', id: last });
  last = '';
  if (await perform(list()!.dataset.keys!, fields, (state) => state)) renew();
}

export function listen(): void {
  if (!list()) return;
  document.addEventListener('keydown', (event) => {
    if (isTyping(event)) return;
    const row = rows().find((each) => each.dataset.key === chosen);
    if (event.key === 'j') choose(place + 1);
    else if (event.key === 'k') choose(place - 1);
    else if (event.key === 'e' && row) done(row);
    else if (event.key === 'u' && last) void undo();
  });
  document.addEventListener('focusin', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-keys] > li');
    if (!row) return;
    chosen = row.dataset.key ?? '';
    place = rows().indexOf(row);
    mark();
  });
  document.addEventListener('submit', (event) => {
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.value === 'done') last = button.closest<HTMLElement>('li')?.dataset.key ?? '';
  });
  document.addEventListener('renewed', () => {
    const at = rows().findIndex((row) => row.dataset.key === chosen);
    if (at >= 0) place = at;
    mark();
  });
}
