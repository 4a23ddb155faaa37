import { useStore } from '@nanostores/react';
import { $said } from '../../state/said';

/**
 * What was refused last. It exists in browsers only (`client:only`): without scripts the server says
 * it in the page. React, because the clients of Preact and Svelte empty such an element by innerHTML,
 * which the content policy forbids.
 */
export default function Said() {
  return (
    <p className="said" role="status">
      <span>{useStore($said)}</span>
    </p>
  );
}
