/**
 * A Watch button and an inbox bell for any page, over the API of a Troth platform.
 *
 *   const troth = connect({ url: 'https://troth.example', getToken: () => fetch('/token').then((r) => r.text()) });
 *   document.querySelector('#record').append(watchButton(troth, 'record/42'));
 *   document.querySelector('header').append(inboxBell(troth));
 *
 * `getToken` is asked when a token is missing or no longer taken. Its answer is kept in memory alone.
 */

const SILENCE = 15_000; // The stream says something every two seconds.
const LONGEST_WAIT = 30_000;
const EVERYTHING = ['*'];

/** Whether a topic, such as 'record/42', 'inbox' or 'watches', is among those that moved. */
export const moved = (topics, topic) => topics.includes(topic) || topics.includes('*');

export function connect({ url, getToken, link }) {
  const base = String(url).replace(/\/+$/, '');
  const hearers = new Set();
  let token, ending;

  async function call(path, { method = 'GET', body, signal } = {}, again = true) {
    // Whoever asks while one is on its way waits for the same.
    const asked = (token ??= Promise.resolve(getToken?.()));
    const forget = () => token === asked && (token = undefined);
    const bearer = await asked.catch((problem) => {
      forget();
      throw problem;
    });
    const headers = {};
    if (bearer) headers.authorization = `Bearer ${bearer}`;
    if (body) headers['content-type'] = 'application/json';
    const answer = await fetch(`${base}/api${path}`, {
      method, headers, signal, credentials: 'omit', cache: 'no-store', body: body && JSON.stringify(body),
    });
    if (answer.status === 401) forget();
    if (answer.status === 401 && again) {
      return call(path, { method, body, signal }, false);
    }
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(problem.detail ?? `HTTP ${answer.status}`), { status: answer.status });
    }
    return answer;
  }
  const json = async (path, how) => (await call(path, how)).json();

  /** Reads the stream until it ends: what moved is told to who listens. */
  async function read(signal) {
    const silence = new AbortController();
    let timer;
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE);
    };
    try {
      heard();
      const answer = await call('/stream?events=moved', { signal: AbortSignal.any([signal, silence.signal]) });
      const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      tell(EVERYTHING); // Whatever happened before this is asked for once.
      for (let rest = '', part; !(part = await text.read()).done; ) {
        heard();
        const events = (rest + part.value).split('\n\n');
        rest = events.pop();
        for (const event of events) {
          const data = /^event: ?moved$/m.test(event) && /^data: ?(.*)$/m.exec(event);
          if (data) tell(JSON.parse(data[1]).topics);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }
  const tell = (topics) => hearers.forEach((hear) => hear(topics));

  async function follow(signal) {
    for (let failures = 0; !signal.aborted; ) {
      const began = Date.now();
      // Who may no longer read shows nothing any more.
      await read(signal).catch((problem) => isOut(problem) && tell(EVERYTHING));
      failures = Date.now() - began > LONGEST_WAIT ? 0 : failures + 1;
      const wait = Math.random() * Math.min(LONGEST_WAIT, 500 * 2 ** failures);
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  return {
    /** Calls `hear(topics)` when something may have moved, see `moved`; gives back what ends that. */
    on(hear) {
      hearers.add(hear);
      if (!ending) follow((ending = new AbortController()).signal);
      else hear(EVERYTHING);
      return () => {
        hearers.delete(hear);
        if (!hearers.size) ending = ending?.abort();
      };
    },
    /** The id of the user's own watch of a target; undefined without one. */
    async watching(target) {
      for (let after = 0; after !== undefined; ) {
        const page = await json(`/watches?limit=500&after=${after}`);
        const found = page.items.find((watch) => watch.target === target && !watch.group);
        if (found) return found.id;
        after = page.next;
      }
    },
    watch: (target) => json('/watches', { method: 'POST', body: { target } }),
    unwatch: (id) => json(`/watches/${id}`, { method: 'DELETE' }),
    inbox: (limit = 10) => json(`/inbox?limit=${limit}`),
    read: (id) => call(`/inbox/${id}/read`, { method: 'POST' }),
    readAll: (upto) => call(`/inbox/read?upto=${upto}`, { method: 'POST' }),
    link: link ?? ((item) => `${base}/go/${item.subject.split('/').map(encodeURIComponent).join('/')}`),
  };
}

const isOut = (problem) => problem.status === 401 || problem.status === 403;

function make(tag, className, text = '') {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** A button that watches a target, and says whether it is watched. `stop()` ends it. */
export function watchButton(troth, target) {
  const button = make('button', 'troth-watch', 'Watch');
  button.type = 'button';
  let id;
  const show = (watch, problem = '') => {
    id = watch;
    button.textContent = id ? 'Watching' : 'Watch';
    button.setAttribute('aria-pressed', String(!!id));
    button.title = problem;
    button.disabled = false;
  };
  const attempt = async (work) => {
    button.disabled = true;
    try {
      show(await work());
    } catch (problem) {
      show(problem.status === 401 ? undefined : id, problem.message);
    }
  };
  button.onclick = () =>
    attempt(async () => (id ? void (await troth.unwatch(id)) : (await troth.watch(target)).id));
  button.stop = troth.on((topics) => moved(topics, 'watches') && attempt(() => troth.watching(target)));
  return button;
}

/** A bell with the number of unread notifications; it opens the newest ones. `stop()` ends it. */
export function inboxBell(troth) {
  const box = make('div', 'troth-bell');
  const bell = make('button', 'troth-bell-button');
  const list = make('ul', 'troth-bell-list');
  bell.type = 'button';
  list.hidden = true;
  box.append(bell, list);
  let inbox = { unread: 0, items: [] };
  const show = () => {
    bell.textContent = `🔔 ${inbox.unread}`;
    bell.setAttribute('aria-label', `Inbox, ${inbox.unread} unread`);
    bell.setAttribute('aria-expanded', String(!list.hidden));
    list.replaceChildren(
      ...inbox.items.map((item) => {
        const row = make('li', `troth-${item.state}`);
        const open = make('a', '', item.title);
        open.href = troth.link(item);
        open.onclick = () => void troth.read(item.id).catch(() => {});
        row.append(open);
        return row;
      }),
    );
    if (!inbox.items.length) list.append(make('li', '', inbox.out ? 'Signed out.' : 'Nothing here.'));
  };
  const refresh = async () => {
    try {
      inbox = await troth.inbox();
      bell.title = '';
    } catch (problem) {
      bell.title = problem.message;
      if (isOut(problem)) inbox = { unread: 0, items: [], out: true };
    }
    show();
  };
  bell.onclick = () => {
    list.hidden = !list.hidden;
    show();
    // Within the window, wherever the bell is.
    const { left } = bell.getBoundingClientRect();
    const room = document.documentElement.clientWidth - list.offsetWidth;
    list.style.left = `${Math.max(0, Math.min(left, room)) - left}px`;
    if (!list.hidden && inbox.unread && inbox.items.length) troth.readAll(inbox.items[0].id).then(refresh, () => {});
  };
  box.stop = troth.on((topics) => moved(topics, 'inbox') && refresh());
  show();
  return box;
}
