/** What scripts and users put on elements, which the server knows nothing of. */
const OURS = new Set(['data-chosen', 'data-drawn', 'open']);

const keyOf = (node: Node) => (node instanceof HTMLElement ? node.dataset.key : undefined);

/**
 * Makes an element like another one without replacing what is the same: focus, scroll positions and
 * selections survive. Children marked data-key are told apart by it.
 */
export function morph(old: Element, next: Element): void {
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !OURS.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  // What a script has drawn from the attributes is its own.
  if (old.hasAttribute('data-drawn')) return;
  const keys = new Set([...next.children].map(keyOf));
  const kept = new Map<string, Element>();
  for (const child of [...old.children]) {
    const key = keyOf(child);
    if (key === undefined) continue;
    if (keys.has(key)) kept.set(key, child);
    else child.remove();
  }
  let at = old.firstChild;
  for (const child of [...next.childNodes]) {
    const key = keyOf(child);
    const same = key === undefined ? isLike(at, child) && at : kept.get(key);
    if (!same) {
      old.insertBefore(document.importNode(child, true), at);
      continue;
    }
    if (same === at) at = at.nextSibling;
    else old.insertBefore(same, at);
    if (same instanceof Element) morph(same, child as Element);
    else if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
  }
  while (at) {
    const rest = at.nextSibling;
    at.remove();
    at = rest;
  }
}

function isLike(old: ChildNode | null, next: ChildNode): boolean {
  return old !== null && old.nodeName === next.nodeName && keyOf(old) === undefined;
}
