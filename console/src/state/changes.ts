import type { InboxItem, State } from './model';
import { SHOWN_CHANGES } from './model';
import { $moved, replica } from './store';

/** One message `change` of the stream. */
export interface Change {
  seq: number;
  subject: string;
  version: number;
  type: string;
  actor: string;
  before: unknown;
  after: unknown;
  at: string;
}

/** A record's value out of a change's before or after, which may be the bare value. */
export function valueOf(side: unknown): string {
  const value = side !== null && typeof side === 'object' ? (side as { value?: unknown }).value : side;
  return value === undefined || value === null ? '' : String(value);
}

/** The state after a change; the same state when the page does not show its subject. */
export function applyChange(state: State, change: Change): State {
  const record = state.record;
  if (!record || change.subject !== `record/${record.id}` || change.version <= record.version) {
    return state;
  }
  const { seq, actor, at } = change;
  const after = valueOf(change.after);
  const changes = [{ seq, actor, at, after, before: valueOf(change.before) }, ...record.changes];
  return {
    ...state,
    now: at > state.now ? at : state.now,
    record: { ...record, value: after, version: change.version, changes: changes.slice(0, SHOWN_CHANGES) },
  };
}

/** False when only a whole state can bring this page up to date. */
export function takeChange(epoch: string, change: Change): boolean {
  if (/^(slo|incident)\//.test(change.subject)) {
    $moved.set($moved.get() + 1);
    return false;
  }
  return replica.advance(epoch, change.seq, (state) => applyChange(state, change));
}

/**
 * One message `inbox` of the stream: the new count and the new item. Without an item something was
 * marked elsewhere; false, since only a whole state says what.
 */
export function takeInbox({ unread, item }: { unread: number; item?: InboxItem }): boolean {
  const { server } = replica;
  if (!item && server.inbox && unread !== server.head.unread) return false;
  const inbox = item && server.inbox && [item, ...server.inbox.filter((old) => old.id !== item.id)];
  replica.adopt({ ...server, head: { ...server.head, unread }, ...(inbox && { inbox }) });
  return true;
}
