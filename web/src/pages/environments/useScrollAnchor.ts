import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { Virtualizer } from '@tanstack/react-virtual';

/** Keeps the first visible row where it is when rows above it appear or disappear: nothing moves under the pointer. */
export function useScrollAnchor(
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  scroller: RefObject<HTMLDivElement | null>,
): void {
  const anchor = useRef<{ key: unknown; start: number }>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || element.scrollTop === 0) {
      anchor.current = undefined;
      return;
    }
    const previous = anchor.current;
    const row = previous && virtualizer.measurementsCache.find(({ key }) => key === previous.key);
    if (row && row.start !== previous.start) element.scrollTop += row.start - previous.start;
    const first = virtualizer.measurementsCache.find(({ end }) => end > element.scrollTop);
    anchor.current = first && { key: first.key, start: first.start };
  });
}
