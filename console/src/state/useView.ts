import { useEffect, useState } from 'preact/hooks';
import type { View } from './view';

/** The Preact side of a view: the painted value for hydration, the live one from then on. */
export function useView<V extends object>(view: View<V>): V {
  const [value, show] = useState<V>(() => view.painted());
  useEffect(() => view.live.subscribe((next) => show(() => next as V)), [view]);
  return value;
}
