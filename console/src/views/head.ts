import type { State } from '../state/model';
import { slots, view } from '../state/view';
import { counted, grouped, yes } from './words';

/** The counts every page carries. */
export function selectHead({ unread, watches, burning }: State) {
  return {
    unread: grouped(unread),
    unreadLabel: counted(unread, 'unread notification', 'unread notifications'),
    anyUnread: yes(unread > 0),
    watches: grouped(watches),
    watchesLabel: counted(watches, 'subject', 'subjects'),
    burning: grouped(burning),
    burningLabel: counted(burning, 'burning', 'burning'),
    anyBurning: yes(burning > 0),
  };
}

export const head = view(
  selectHead,
  slots(
    'head.',
    'unread',
    'unreadLabel',
    'anyUnread',
    'watches',
    'watchesLabel',
    'burning',
    'burningLabel',
    'anyBurning',
  ),
);
