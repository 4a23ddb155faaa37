/** What the server puts into every page, and what its islands keep up to date while it is open. */
export interface State {
  /** Names the change log; another log (a restored backup, another data folder) has another one. */
  epoch: string;
  /** The change log's last sequence number when this state was read. */
  rev: number;
  /** The server's clock when this state was read, ISO-8601 UTC: a page may be sent again for a while after. */
  now: string;
  /** Who looks. */
  user: string;
  unread: number;
  watches: number;
  /** Objectives that page or ticket now. */
  burning: number;
  /** The subject of the page, and whether the user watches it. */
  watched?: { target: string; on: boolean };
}
