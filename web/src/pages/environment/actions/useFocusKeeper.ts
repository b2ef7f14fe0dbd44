import { useEffect, useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Gives an element the focus that nothing has, without scrolling. */
function focusIfLost(element: HTMLElement): void {
  if (document.activeElement === document.body) element.focus({ preventScroll: true });
}

/** Gives the focus to the group of the actions when the button that had it, or that opened the dialog, is no longer offered. */
export function useFocusKeeper(isDialogOpen: boolean): RefObject<HTMLDivElement | null> {
  const group = useRef<HTMLDivElement>(null);
  const focused = useRef<HTMLElement>(undefined);
  useLayoutEffect(() => {
    if (focused.current?.isConnected === false) focusIfLost(group.current!);
  });
  useEffect(() => {
    const element = group.current!;
    const remember = ({ target }: FocusEvent): void => void (focused.current = target as HTMLElement);
    // A button that is removed also loses the focus: it is forgotten after the effect above.
    const forget = ({ target }: FocusEvent): void =>
      queueMicrotask(() => {
        if (focused.current === target) focused.current = undefined;
      });
    element.addEventListener('focusin', remember);
    element.addEventListener('focusout', forget);
    return () => {
      element.removeEventListener('focusin', remember);
      element.removeEventListener('focusout', forget);
    };
  }, []);
  const wasOpen = useRef(false);
  useEffect(() => {
    const hasClosed = wasOpen.current && !isDialogOpen;
    wasOpen.current = isDialogOpen;
    // The dialog gives the focus back first.
    const frame = hasClosed ? requestAnimationFrame(() => focusIfLost(group.current!)) : 0;
    return () => cancelAnimationFrame(frame);
  }, [isDialogOpen]);
  return group;
}
