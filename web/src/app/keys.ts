import { useEffect, useEffectEvent } from 'react';

type KeyActions = Readonly<Record<string, () => void>>;

/** One that is closing has given the focus back. */
const openDialog = '[role="dialog"]:not([data-closed])';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName));

/** Calls the action of a key, unless the reader types, holds a modifier, or has a dialog open. */
export function useKeys(actions: KeyActions): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const action = actions[event.key];
    if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    // The first of the path: an editor in a shadow root is not the target that is seen here.
    if (isTyping(event.composedPath()[0] ?? null) || document.querySelector(openDialog) !== null) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
