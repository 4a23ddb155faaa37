/*
 * The waterfall of a trace, however long: the page holds one window of rows, and others are asked
 * for as the reader scrolls. Two empty boxes keep the room of the rows that are not here.
 */
const ROW_HEIGHT = 32;
const WINDOW = 60;

const part = (id: string, of: Document = document) => of.getElementById(id);

/** A page of an instant that is over stays there. */
function past(): string {
  const at = new URLSearchParams(location.search).get('at');
  return at ? `&at=${at}` : '';
}

/** A copy of this page at another row or span, of which only the parts asked for are filled. */
function ask(query: string, keys: string, take: (fresh: Document) => void): void {
  const request = new XMLHttpRequest();
  request.open('GET', `${location.pathname}?${query}`);
  request.setRequestHeader('accept', 'text/html');
  request.setRequestHeader('troth-fragments', keys);
  request.responseType = 'document';
  request.onload = () => {
    if (request.status === 200 && request.responseXML) take(request.responseXML);
  };
  request.send();
}

let asked = -1;

/** Brings the rows into view that the reader scrolled to, half a window ahead and behind. */
function onscroll(): void {
  const here = part('waterfall')?.querySelector<HTMLElement>('.window');
  if (!here) return;
  const [from, total] = [Number(here.dataset.from), Number(here.dataset.total)];
  const top = Math.floor(here.scrollTop / ROW_HEIGHT);
  const shown = Math.ceil(here.clientHeight / ROW_HEIGHT);
  const isHere = top >= from && Math.min(total, top + shown) <= from + WINDOW;
  const wanted = Math.max(0, Math.min(total - WINDOW, top - Math.floor((WINDOW - shown) / 2)));
  if (isHere || wanted === asked) return;
  asked = wanted;
  const chosen = new URLSearchParams(location.search).get('span');
  ask(`row=${wanted}${past()}${chosen ? `&span=${chosen}` : ''}`, 'waterfall', (fresh) => {
    const next = part('waterfall', fresh)?.querySelector<HTMLElement>('.window');
    // The reader has scrolled on: the rows asked for since are the ones to show.
    if (!next || wanted !== asked) return;
    asked = -1;
    here.dataset.from = next.dataset.from;
    // The address says which rows are here, for a renewal of the page and for whoever comes back.
    history.replaceState(null, '', `?row=${wanted}${past()}${chosen ? `&span=${chosen}` : ''}`);
    // The box itself stays, with its place and its focus; only what is in it is exchanged.
    [...here.children].forEach((old, index) => {
      const now = next.children[index]!;
      if (old.tagName === 'svg') old.setAttribute('height', now.getAttribute('height')!);
      else if (!old.contains(document.activeElement)) old.replaceWith(document.importNode(now, true));
      else old.replaceChildren(...document.importNode(now, true).children);
    });
    const words = part('waterfall')?.querySelector('[data-shown]');
    words?.replaceChildren(part('waterfall', fresh)?.querySelector('[data-shown]')?.textContent ?? '');
    onscroll();
  });
}

/** Shows the span of a link without leaving the page; the address says which. */
function choose(link: HTMLAnchorElement): void {
  const query = new URL(link.href).search.slice(1);
  ask(query, 'span', (fresh) => {
    const next = part('span', fresh);
    if (!next) return;
    const id = new URLSearchParams(query).get('span');
    part('span')?.replaceWith(document.importNode(next, true));
    document.querySelectorAll('.waterfall a[data-id]').forEach((row) => {
      row.setAttribute('aria-current', String(row.getAttribute('data-id') === id));
    });
    history.replaceState(null, '', `?${query}`);
    part('span')?.focus();
  });
}

document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href*="span="]');
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  choose(link);
});

const here = part('waterfall')?.querySelector<HTMLElement>('.window');
if (here) {
  // Set down at the row that the address asks for, before anybody scrolls.
  here.scrollTop = Number(here.dataset.from) * ROW_HEIGHT;
  here.addEventListener('scroll', () => requestAnimationFrame(onscroll), { passive: true });
}
