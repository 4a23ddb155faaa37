import { atom } from 'nanostores';

/** One sentence for who shops: what was refused last; empty for nothing. */
export const $said = atom('');
