/** What the server puts into every page, and what a page keeps up to date while it is open. */
export interface State {
  /** Names the change log; another log (a restored backup, another data folder) has another one. */
  epoch: string;
  /** The change log's last sequence number when this state was read. */
  rev: number;
  /** The server's clock when this state was read, ISO-8601 UTC. */
  now: string;
  me: Me;
  head: Head;
  record?: RecordState;
  inbox?: InboxItem[];
  watches?: WatchItem[];
}

export interface Me {
  subject: string;
  role: string;
}

export interface Head {
  unread: number;
  watches: number;
  /** Objectives that page or ticket now. */
  burning: number;
}

export interface RecordState {
  id: string;
  name: string;
  value: string;
  version: number;
  /** The caller's watch on this record, or empty. */
  watch: string;
  /** Newest first, at most {@link SHOWN_CHANGES}. */
  changes: RecordChange[];
}

export interface RecordChange {
  seq: number;
  actor: string;
  before: string;
  after: string;
  at: string;
}

export interface InboxItem {
  id: string;
  subject: string;
  reason: string;
  title: string;
  actor: string;
  at: string;
  state: 'unread' | 'read' | 'done';
}

export interface WatchItem {
  id: string;
  target: string;
  level: string;
  since: string;
}

export const SHOWN_CHANGES = 20;
