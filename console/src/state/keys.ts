import { at } from './place';

const places: Record<string, string> = { o: '/objectives', t: '/traces', i: '/inbox', w: '/watches', m: '/map', c: '/contracts', h: '/' };

/** True when a key belongs to what the user is typing, or to the browser. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return event.ctrlKey || event.metaKey || event.altKey || !!target?.closest('input, textarea, select, dialog');
}

/** The keys that work on every page. */
export function listen(): void {
  let leading = false;
  document.addEventListener('keydown', (event) => {
    if (isTyping(event)) return;
    if (event.key === '?') {
      document.querySelector<HTMLDialogElement>('#keys')?.showModal();
    } else if (leading && places[event.key]) {
      location.href = at(places[event.key]!);
    }
    leading = event.key === 'g';
  });
}
