import type { State } from '../state/model';
import { slots, view } from '../state/view';
import { yes } from './words';

/** The button that watches the subject of the page. */
export function selectWatch({ watched }: State) {
  const on = watched?.on ?? false;
  return {
    watching: yes(on),
    label: on ? 'Unwatch' : 'Watch',
    action: on ? 'unwatch' : 'watch',
    hint: on ? 'You are told when others change it.' : 'Be told when it changes.',
  };
}

export const watch = view(selectWatch, slots('watch.', 'watching', 'label', 'action', 'hint'));
