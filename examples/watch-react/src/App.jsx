import { useCallback, useEffect, useRef, useState } from 'react';
import { inboxBell, moved, watchButton } from '../../watch-js/watch.js';

/** Shows an element that `make` gives, and stops it when it goes. */
function Element({ make }) {
  const place = useRef(null);
  useEffect(() => {
    const element = make();
    place.current.replaceChildren(element);
    return () => element.stop();
  }, [make]);
  return <span ref={place} />;
}

export default function App({ troth, url, getToken }) {
  const [record, setRecord] = useState(null);
  const [value, setValue] = useState('');
  const [message, setMessage] = useState('');

  const call = useCallback(
    async (path, body) => {
      const answer = await fetch(`${url}/api/${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${await getToken()}`, ...(body && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body),
      });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.detail ?? said.error);
      return said;
    },
    [url, getToken],
  );
  const load = useCallback(() => call('record/1').then(setRecord, (error) => setMessage(error.message)), [call]);

  useEffect(() => {
    load();
    return troth.on((topics) => moved(topics, 'record/1') && load());
  }, [troth, load]);

  async function update(event) {
    event.preventDefault();
    try {
      setMessage((await call('update/1', { value })).message);
      setValue('');
    } catch (error) {
      setMessage(error.message);
    }
  }

  return (
    <main>
      <header>
        <Element make={useCallback(() => inboxBell(troth), [troth])} />
      </header>
      {record && (
        <>
          <h1>Record: {record.name}</h1>
          <p>Value: {record.value}</p>
        </>
      )}
      <Element make={useCallback(() => watchButton(troth, 'record/1'), [troth])} />
      <form onSubmit={update}>
        <input placeholder="New Value" value={value} onChange={(event) => setValue(event.target.value)} required />
        <button>Update</button>
      </form>
      <p role="status">{message}</p>
    </main>
  );
}
