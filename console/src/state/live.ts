import { hearTime, moved, renew, serverTime } from './fragments';
import { paintedState } from './boot';
import { at, base } from './place';
import { found, replica, signIn } from './watchlist';

/*
 * One stream per browser. The tab that holds the lock opens it and relays every message over a
 * BroadcastChannel; when that tab goes away the lock passes on, and with it the stream. Browsers
 * allow six HTTP/1.1 connections an origin: a stream a tab would block the seventh tab for good.
 */
type Message =
  | { kind: 'status'; open: boolean; epoch: string; user: string; now?: string }
  | { kind: 'moved'; topics: string[] }
  | { kind: 'beat' | 'reset' | 'who' };

/** The stream says something every two seconds; after this silence it is lost. */
const SILENCE = 5_000;
/** After this one, the tab that holds the stream is taken for frozen. */
const FROZEN = 15_000;
const AGAIN = 2_000;

let epoch = '';
let user = '';
let heard = Date.now();
let channel: BroadcastChannel | undefined;
let source: EventSource | undefined;
let release = () => {};
let watch: ReturnType<typeof setInterval> | undefined;

function show(open: boolean): void {
  document.documentElement.dataset.live = open ? 'yes' : 'no';
  if (open) found();
}

function take(message: Message): void {
  if (message.kind !== 'who') heard = Date.now();
  switch (message.kind) {
    case 'status': {
      const back = message.open && document.documentElement.dataset.live === 'no';
      show(message.open);
      epoch = message.epoch;
      hearTime(message.now);
      user = message.user;
      // Somebody else has signed in with this browser: nothing here is theirs.
      if (message.open && user !== paintedState().user) location.reload();
      else if (back) renew();
      break;
    }
    case 'moved':
      moved(message.topics);
      break;
    case 'reset':
      renew();
      break;
    case 'beat':
      show(true);
      break;
    case 'who':
      if (source) tell({ kind: 'status', open: source.readyState === 1, epoch, user, now: serverTime() });
  }
}

function tell(message: Message): void {
  channel?.postMessage(message);
}

function relay(message: Message): void {
  take(message);
  tell(message);
}

function lead(): void {
  source?.close();
  heard = Date.now();
  source = new EventSource(at('/api/stream?events=moved'));
  source.addEventListener('hello', ({ data }) => {
    const hello = JSON.parse(data);
    relay({ kind: 'status', open: true, epoch: hello.epoch, user: hello.user, now: hello.now });
    // What happened between the painting of a page and this moment came before the stream.
    if (hello.epoch !== replica.server.epoch || hello.seq > replica.server.rev) relay({ kind: 'reset' });
  });
  source.addEventListener('moved', ({ data }) => relay({ kind: 'moved', topics: JSON.parse(data).topics }));
  source.addEventListener('beat', () => relay({ kind: 'beat' }));
  source.onerror = () => {
    relay({ kind: 'status', open: false, epoch, user });
    // A browser does not come back by itself when it was answered with anything but a stream.
    if (source?.readyState === EventSource.CLOSED) setTimeout(comeBack, AGAIN);
  };
}

async function comeBack(): Promise<void> {
  if (!source) return;
  const me = await fetch(at('/api/me')).catch(() => undefined);
  if (me?.status === 401) signIn();
  else lead();
}

/** Says so when nothing was heard for too long, and tries to hear again. */
function listen(): void {
  const silence = Date.now() - heard;
  if (silence > SILENCE) show(false);
  if (source && silence > SILENCE && source.readyState === EventSource.OPEN) lead();
  if (!source && silence > FROZEN) {
    heard = Date.now();
    hold(true);
  }
}

function hold(steal: boolean): void {
  const held = () => new Promise<void>((done) => {
    release = done;
    lead();
  });
  navigator.locks.request(`troth-stream${base}`, steal ? { steal } : { signal: abort.signal }, held).catch(() => {
    // Another tab has taken the stream over; this one waits for its turn again.
    source?.close();
    source = undefined;
    setTimeout(() => abort.signal.aborted || hold(false), AGAIN);
  });
}

let abort = new AbortController();

/** Joins the browser's stream; a page that is being hidden for good leaves it. */
export function connect(): void {
  channel = new BroadcastChannel(`troth${base}`);
  channel.onmessage = (event) => take(event.data);
  tell({ kind: 'who' });
  heard = Date.now();
  watch = setInterval(listen, 1_000);
  if (!navigator.locks) {
    lead();
    return;
  }
  abort = new AbortController();
  hold(false);
  addEventListener('pagehide', () => {
    abort.abort();
    clearInterval(watch);
    source?.close();
    source = undefined;
    release();
    channel?.close();
  }, { once: true });
}

addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  connect();
  renew();
});
