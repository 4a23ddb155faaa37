import type { State } from '../state/model';
import { perform } from '../state/store';
import { slot, slots, view } from '../state/view';
import { ago, counted, pathOf, yes } from './words';

/** A record, whether the caller watches it, and what happened to it. */
export function selectRecord({ now, record }: State) {
  const { id, name, value, version, watch, changes } = record ?? {
    id: '', name: '', value: '', version: 0, watch: '', changes: [],
  };
  return {
    id,
    action: `/records/${pathOf(id)}`,
    subject: `record/${id}`,
    name,
    value,
    version: `version ${version}`,
    watching: yes(watch !== ''),
    watchLabel: watch === '' ? 'Watch' : 'Unwatch',
    watchAction: watch === '' ? 'watch' : 'unwatch',
    watchHint: watch === '' ? 'Be told when it changes.' : 'You are told when it changes.',
    shown: counted(changes.length, 'change', 'changes'),
    state: changes.length === 0 ? 'empty' : 'ok',
    changes: changes.map((change) => ({
      key: String(change.seq),
      actor: change.actor,
      before: change.before,
      after: change.after,
      at: change.at,
      ago: ago(now, change.at),
    })),
  };
}

export const record = view(selectRecord, {
  ...slots(
    'record.', 'id', 'subject', 'name', 'value', 'version',
    'watching', 'watchLabel', 'watchAction', 'watchHint', 'shown', 'state',
  ),
  action: `/records/${slot('record.path')}`,
  changes: [slots('', 'key', 'actor', 'before', 'after', 'at', 'ago')],
});

/** Shown at once; the change list waits for the server, which alone knows what happened. */
export function update(action: string, value: string): Promise<boolean> {
  return perform(action, { do: 'update', value }, (state) =>
    state.record ? { ...state, record: { ...state.record, value } } : state,
  );
}

export function setWatching(action: string, wanted: boolean): Promise<boolean> {
  return perform(action, { do: wanted ? 'watch' : 'unwatch' }, (state) => {
    if (!state.record || (state.record.watch !== '') === wanted) return state;
    const { head, record } = state;
    return {
      ...state,
      head: { ...head, watches: head.watches + (wanted ? 1 : -1) },
      record: { ...record, watch: wanted ? 'pending' : '' },
    };
  });
}
