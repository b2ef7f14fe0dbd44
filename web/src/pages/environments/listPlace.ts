import { useEffect } from 'react';
import type { RefObject } from 'react';
import type { VirtualItem, Virtualizer } from '@tanstack/react-virtual';

interface Place {
  /** the filters of the list, as in the address */
  search: string;
  /** pixels that are scrolled */
  offset: number;
  /** the rows that were drawn: with estimated heights the offset would lead to other rows */
  measurements: VirtualItem[];
  selected: string | undefined;
}

const top: Place = { search: '', offset: 0, measurements: [], selected: undefined };
/** Of the list as it was shown last. */
let last = top;

/** Where the reader was in this list, for when it is shown again, after Back for example. With other filters it starts at the top. */
export const lastPlace = (): Place => (last.search === window.location.search ? last : top);

/** Keeps where the reader is. */
export function useKeptPlace(
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  scroller: RefObject<HTMLDivElement | null>,
  selected: string | undefined,
): void {
  useEffect(() => {
    const element = scroller.current!;
    const keep = (): void => {
      const { search } = window.location;
      last = { search, offset: element.scrollTop, measurements: virtualizer.takeSnapshot(), selected };
    };
    keep();
    element.addEventListener('scroll', keep, { passive: true });
    return () => element.removeEventListener('scroll', keep);
  }, [virtualizer, scroller, selected]);
}
