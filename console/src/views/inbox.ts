import type { State } from '../state/model';
import { perform } from '../state/store';
import { slots, view } from '../state/view';
import { ago, counted, pathOf, yes } from './words';

/** The notifications that are not done, newest first. */
export function selectInbox({ now, head, inbox = [] }: State) {
  return {
    summary: head.unread === 0 ? 'Nothing unread.' : `${counted(head.unread, 'unread', 'unread')}.`,
    anyUnread: yes(head.unread > 0),
    state: inbox.some((item) => item.state !== 'done') ? 'ok' : 'empty',
    items: inbox
      .filter((item) => item.state !== 'done')
      .map((item) => ({
        key: item.id,
        subject: item.subject,
        path: pathOf(item.subject),
        title: item.title,
        reason: item.reason,
        actor: item.actor,
        at: item.at,
        ago: ago(now, item.at),
        state: item.state as string,
        status: item.state === 'unread' ? 'Unread' : 'Read',
        turn: item.state === 'unread' ? 'read' : 'unread',
        turnLabel: item.state === 'unread' ? 'Mark read' : 'Mark unread',
      })),
  };
}

export const inbox = view(selectInbox, {
  ...slots('inbox.', 'summary', 'anyUnread', 'state'),
  items: [slots('', 'key', 'subject', 'title', 'reason', 'actor', 'at', 'ago', 'state', 'status', 'path', 'turn', 'turnLabel')],
});

export type InboxAction = 'read' | 'unread' | 'done' | 'undo';

/**
 * Marks one notification. Whether what is taken back from done was read before, the server alone
 * knows, so `undo` waits for its answer.
 */
export function mark(id: string, action: InboxAction): Promise<boolean> {
  return perform('/inbox', { do: action, id }, (state) => {
    const item = state.inbox?.find((other) => other.id === id);
    if (!state.inbox || !item || item.state === action || action === 'undo') return state;
    const unread = state.head.unread + (action === 'unread' ? 1 : item.state === 'unread' ? -1 : 0);
    return {
      ...state,
      head: { ...state.head, unread },
      inbox: state.inbox.map((other) => (other.id === id ? { ...other, state: action } : other)),
    };
  });
}

export function markAllRead(): Promise<boolean> {
  return perform('/inbox', { do: 'read-all' }, (state) => ({
    ...state,
    head: { ...state.head, unread: 0 },
    inbox: state.inbox?.map((item) => (item.state === 'unread' ? { ...item, state: 'read' } : item)),
  }));
}
