import type { State } from '../state/model';
import { perform } from '../state/store';
import { slots, view } from '../state/view';
import { ago, counted, pathOf } from './words';

/** What the caller has asked to be told of. */
export function selectWatches({ now, watches = [] }: State) {
  return {
    summary: counted(watches.length, 'watch', 'watches'),
    state: watches.length === 0 ? 'empty' : 'ok',
    items: watches.map((item) => ({
      key: item.id,
      target: item.target,
      path: pathOf(item.target),
      level: item.level,
      since: item.since,
      ago: ago(now, item.since),
      label: `Unwatch ${item.target}`,
    })),
  };
}

export const watches = view(selectWatches, {
  ...slots('watches.', 'summary', 'state'),
  items: [slots('', 'key', 'target', 'path', 'level', 'since', 'ago', 'label')],
});

/** The server names the watch, so a new one is shown when it answers. */
export function add(target: string): Promise<boolean> {
  return perform('/watches', { do: 'add', target }, (state) => state);
}

export function remove(id: string): Promise<boolean> {
  return perform('/watches', { do: 'remove', id }, (state) => ({
    ...state,
    head: { ...state.head, watches: state.head.watches - 1 },
    watches: state.watches?.filter((item) => item.id !== id),
  }));
}
