import type { State } from '../state/model';
import { slots, view } from '../state/view';
import { counted, grouped, yes } from './words';

/** The counts every page carries. */
export function selectHead({ head }: State) {
  return {
    unread: grouped(head.unread),
    unreadLabel: counted(head.unread, 'unread notification', 'unread notifications'),
    anyUnread: yes(head.unread > 0),
    watches: grouped(head.watches),
    watchesLabel: counted(head.watches, 'subject', 'subjects'),
    burning: grouped(head.burning),
    burningLabel: counted(head.burning, 'burning', 'burning'),
    anyBurning: yes(head.burning > 0),
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
