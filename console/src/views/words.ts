/* Each of these has a twin in the server (Formats.java); the parity test holds them together. */

/** `1234567` → `1,234,567`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `3 unread notifications`, `1 unread notification`. */
export function counted(count: number, singular: string, plural: string): string {
  return `${grouped(count)} ${count === 1 ? singular : plural}`;
}

/** How long before `now` something was: `just now`, `40 s ago`, `3 min ago`, `2 h ago`, `4 d ago`. */
export function ago(now: string, at: string): string {
  const seconds = Math.floor((Date.parse(now) - Date.parse(at)) / 1000);
  if (!(seconds >= 5)) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

/** Microseconds as people read them: `812 µs`, `12.3 ms`, `1.24 s`. */
export function duration(micros: number): string {
  if (micros < 1000) return `${micros} µs`;
  if (micros < 1_000_000) return `${tenths(Math.floor(micros / 100), 1)} ms`;
  return `${tenths(Math.floor(micros / 10_000), 2)} s`;
}

function tenths(scaled: number, digits: number): string {
  const text = String(scaled).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export const yes = (flag: boolean): string => (flag ? 'yes' : 'no');

/** A subject as the rest of a path: each part encoded, the slashes kept. */
export const pathOf = (subject: string): string => subject.split('/').map(encodeURIComponent).join('/');
