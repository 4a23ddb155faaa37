import { $moved } from './store';

/**
 * Figures that only the server can compute stand in the page as text it wrote; elements marked
 * `data-live` are exchanged for those of a fresh copy of the page.
 */
export function follow(): void {
  const seconds = Number(document.body.dataset.refresh);
  if (!seconds) return;
  setInterval(() => {
    if (!document.hidden) renew();
  }, seconds * 1000);
  $moved.listen(renew);
}

let under = false;

function renew(): void {
  if (under) return;
  under = true;
  // A document asked for as such is parsed inertly: no scripts, and no HTML as a string.
  const request = new XMLHttpRequest();
  request.open('GET', location.href);
  request.setRequestHeader('accept', 'text/html');
  request.responseType = 'document';
  request.onload = () => {
    if (request.status === 200 && request.responseXML) exchange(request.responseXML);
  };
  request.onloadend = () => {
    under = false;
  };
  request.send();
}

function exchange(fresh: Document): void {
  const before = document.querySelectorAll('[data-live]');
  const after = fresh.querySelectorAll('[data-live]');
  if (before.length !== after.length) return;
  before.forEach((element, index) => {
    const next = after[index]!;
    // What the user has focused or selected stays where it is until the next time.
    if (element.contains(document.activeElement) && element !== document.activeElement) return;
    if (!element.isEqualNode(next)) element.replaceWith(document.importNode(next, true));
  });
}
