import { useEffect } from 'react';
import type { RefObject } from 'react';

interface Place {
  /** the filters of the list, as in the address */
  search: string;
  /** pixels that are scrolled */
  offset: number;
  selected: string | undefined;
}

/** Of the list as it was shown last. */
let last: Place | undefined;

/** Where the reader was in this list, for when it is shown again, after Back for example. With other filters it starts at the top. */
export const lastPlace = (): Pick<Place, 'offset' | 'selected'> =>
  last?.search === window.location.search ? last : { offset: 0, selected: undefined };

/** Keeps where the reader is. */
export function useKeptPlace(scroller: RefObject<HTMLDivElement | null>, selected: string | undefined): void {
  useEffect(() => {
    const element = scroller.current!;
    const keep = (): void => {
      last = { search: window.location.search, offset: element.scrollTop, selected };
    };
    keep();
    element.addEventListener('scroll', keep, { passive: true });
    return () => element.removeEventListener('scroll', keep);
  }, [scroller, selected]);
}
