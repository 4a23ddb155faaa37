import { stateIn } from './boot';
import { morph } from './morph';
import { found, replica, signIn } from './watchlist';
import { ago } from '../views/words';

/*
 * What only the server can say stands in the page as fragments, elements marked data-fragment with
 * the topics that move them. When one moves, its fragment is asked for and takes the old one's
 * place; what the user is about to press stays where it is until the pointer has left it. The row
 * in which the user pressed shows at once what came of it.
 */
const HEAD_EVERY = 10_000;

const wanted = new Set<string>();
/** Of a fragment, the row in which the user pressed a button. */
const pressed = new Map<string, string>();
let under = false;
let stateWanted = false;
let headAsked = 0;

const fragments = () => [...document.querySelectorAll<HTMLElement>('[data-fragment]')];
const isHeld = (element: Element) => element.querySelector('a:hover, button:hover, select:focus, input:focus') !== null;

/** Topics of the stream: renews the fragments that they move. */
export function moved(topics: string[]): void {
  for (const { dataset } of fragments()) {
    if (dataset.topics?.split(' ').some((topic) => topics.includes(topic))) wanted.add(dataset.fragment!);
  }
  stateWanted ||= topics.some((topic) => topic === 'inbox' || topic === 'watches' || topic.startsWith('slo/'));
  // Figures move every second while requests come in; the header counts only what burns.
  if (topics.includes('objectives') && Date.now() - headAsked > HEAD_EVERY) stateWanted = true;
  ask();
}

/** Renews some fragments, or all of them; of one, the row that the user pressed, also while it is held. */
export function renew(keys = fragments().map((each) => each.dataset.fragment!), row?: string): void {
  if (row !== undefined) pressed.set(keys[0], row);
  keys.forEach((key) => wanted.add(key));
  stateWanted = true;
  ask();
}

function ask(): void {
  const keys = fragments().filter((each) => wanted.has(each.dataset.fragment!) && (pressed.has(each.dataset.fragment!) || !isHeld(each)))
    .map((each) => each.dataset.fragment!);
  if (under || document.hidden || (!keys.length && !stateWanted)) return;
  keys.forEach((key) => wanted.delete(key));
  under = true;
  stateWanted = false;
  headAsked = Date.now();
  // A document asked for as such is parsed inertly: no scripts, and no HTML as a string.
  const request = new XMLHttpRequest();
  request.open('GET', location.href);
  request.setRequestHeader('accept', 'text/html');
  request.setRequestHeader('troth-fragments', keys.join(' ') || '-');
  request.responseType = 'document';
  request.onload = () => take(request, keys);
  request.onerror = () => {
    // The stream says when the platform is back, and all is renewed then.
    keys.forEach((key) => wanted.add(key));
    stateWanted = true;
  };
  request.onloadend = () => {
    under = false;
    if (request.status) ask();
  };
  request.send();
}

function take(request: XMLHttpRequest, keys: string[]): void {
  if (request.status === 401) return signIn();
  // Of another build, or of something that is gone: the page itself says what is so.
  if (request.status === 400 || request.status === 404) return location.reload();
  const fresh = request.responseXML;
  if (request.status !== 200 || !fresh) return;
  found();
  const state = stateIn(fresh);
  hearTime(state.now);
  replica.adopt(state);
  for (const key of keys) {
    const [here, next] = [document, fresh].map((page) => page.querySelector(`[data-fragment="${key}"]`));
    if (!here || !next) continue;
    const row = pressed.get(key);
    pressed.delete(key);
    if (row === undefined || !isHeld(here)) {
      morph(here, next);
      continue;
    }
    const [old, now] = [here, next].map((each) => each.querySelector(`[data-key="${CSS.escape(row)}"]`));
    if (old && now) morph(old, now);
    // The rest would move under the pointer.
    wanted.add(key);
  }
  document.dispatchEvent(new Event('renewed'));
}

/** By how much the server's clock is ahead; a page may have been filled before it was sent, so only answers tell. */
let ahead: number | undefined;

/** The server's time, once it has said it. */
export const serverTime = () => (ahead === undefined ? undefined : new Date(Date.now() + ahead).toISOString());

export function hearTime(now: string | undefined): void {
  if (now) ahead = Date.parse(now) - Date.now();
}

/** Lets the words for how long ago something was grow old with it, by the server's clock. */
function age(): void {
  const now = serverTime();
  if (!now) return;
  document.querySelectorAll('time[data-age]').forEach((time) => {
    time.textContent = ago(now, time.getAttribute('datetime')!);
  });
}

export function follow(): void {
  for (const kind of ['pointerover', 'focusout'] as const) document.addEventListener(kind, () => wanted.size && ask());
  document.addEventListener('visibilitychange', ask);
  setInterval(age, 15_000);
}
