import { at } from './place';

/* Ctrl-K: what is typed is asked of the page /search, and what that found is shown below. */
const PATIENCE = 150;

let asked = 0;

function ask(text: string, results: HTMLElement): void {
  const mine = ++asked;
  const request = new XMLHttpRequest();
  request.open('GET', at(`/search?q=${encodeURIComponent(text)}`));
  request.setRequestHeader('accept', 'text/html');
  request.setRequestHeader('troth-fragments', 'found');
  request.responseType = 'document';
  request.onload = () => {
    const found = request.responseXML?.querySelector('[data-fragment=found]');
    // Somebody who types on waits for the last answer alone.
    if (request.status !== 200 || !found || mine !== asked) return;
    const state = found.getAttribute('data-state');
    const part = found.querySelector(state === 'ok' ? '.when-ok' : `.when-${state}`);
    results.replaceChildren(...(part ? [document.importNode(part, true)] : []));
    results.firstElementChild?.classList.remove('when-ok', 'when-empty', 'when-error');
  };
  request.send();
}

/** The links of the results, and the field above them: what the arrows go through. */
function step(dialog: HTMLElement, by: number): void {
  const places = [...dialog.querySelectorAll<HTMLElement>('#find-text, #find-results a')];
  const here = places.indexOf(document.activeElement as HTMLElement);
  places[Math.max(0, Math.min(places.length - 1, here + by))]?.focus();
}

export function listen(): void {
  const dialog = document.querySelector<HTMLDialogElement>('#find');
  const field = dialog?.querySelector<HTMLInputElement>('#find-text');
  const results = dialog?.querySelector<HTMLElement>('#find-results');
  if (!dialog || !field || !results) return;
  let wait: ReturnType<typeof setTimeout> | undefined;
  field.addEventListener('input', () => {
    clearTimeout(wait);
    wait = setTimeout(() => ask(field.value, results), PATIENCE);
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    step(dialog, event.key === 'ArrowDown' ? 1 : -1);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
    field.select();
  });
}
