/** @jsxImportSource preact */
import { useStore } from '@nanostores/preact';
import { $said } from '../../state/said';

/** What was refused last. It exists in browsers only: without scripts the server says it in the page. */
export default function Said() {
  return (
    <p class="said" role="status">
      <span>{useStore($said)}</span>
    </p>
  );
}
