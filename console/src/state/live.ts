import { $live, replica, resync } from './store';
import { takeChange, takeInbox } from './changes';

/*
 * One stream per browser. The tab that holds the lock opens it and relays every message over a
 * BroadcastChannel; when that tab goes away the lock passes on, and with it the stream. Browsers
 * allow six HTTP/1.1 connections an origin: a stream a tab would block the seventh tab for good.
 */
type Message =
  | { kind: 'status'; open: boolean; epoch: string }
  | { kind: 'change' | 'inbox' | 'reset'; data: string }
  | { kind: 'who' };

let epoch = '';
let channel: BroadcastChannel | undefined;
let source: EventSource | undefined;
let release = () => {};

function take(message: Message): void {
  switch (message.kind) {
    case 'status':
      epoch = message.epoch || epoch;
      $live.set(message.open);
      document.documentElement.dataset.live = message.open ? 'yes' : 'no';
      break;
    case 'change':
      if (!takeChange(epoch || replica.server.epoch, JSON.parse(message.data))) void resync();
      break;
    case 'inbox':
      if (!takeInbox(JSON.parse(message.data))) void resync();
      break;
    case 'reset':
      void resync();
      break;
    case 'who':
      if (source) tell({ kind: 'status', open: source.readyState === 1, epoch });
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
  source = new EventSource('/api/stream');
  source.addEventListener('hello', (event) => {
    const hello = JSON.parse((event as MessageEvent).data);
    relay({ kind: 'status', open: true, epoch: hello.epoch });
    // What happened between the painting of a page and this moment came before the stream.
    if (hello.epoch !== replica.server.epoch || hello.seq > replica.server.rev) {
      relay({ kind: 'reset', data: '' });
    }
  });
  source.onerror = () => relay({ kind: 'status', open: false, epoch });
  for (const kind of ['change', 'inbox', 'reset'] as const) {
    source.addEventListener(kind, (event) => relay({ kind, data: (event as MessageEvent).data }));
  }
}

/** Joins the browser's stream; a page that is being hidden for good leaves it. */
export function connect(): void {
  channel = new BroadcastChannel('troth');
  channel.onmessage = (event) => take(event.data);
  tell({ kind: 'who' });
  if (!navigator.locks) {
    lead();
    return;
  }
  const abort = new AbortController();
  const held = () => new Promise<void>((done) => {
    release = done;
    lead();
  });
  navigator.locks.request('troth-stream', { signal: abort.signal }, held).catch(() => {});
  addEventListener('pagehide', () => {
    abort.abort();
    source?.close();
    source = undefined;
    release();
    channel?.close();
  }, { once: true });
}

addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  connect();
  void resync();
});
