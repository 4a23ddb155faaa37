/** Where this console is on its host: nothing, or a path such as `/troth`, which the server wrote into the page. */
export const base: string = import.meta.env.SSR ? '' : (document.documentElement.dataset.base ?? '');

/** The address of a path of the platform. */
export const at = (path: string): string => base + path;

/** This page and its query as the platform names them. */
export function here(): string {
  const { pathname, search } = location;
  return (pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname) + search;
}
