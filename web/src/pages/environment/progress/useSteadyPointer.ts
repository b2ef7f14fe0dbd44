import { useEffect, useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Where a part is below the top of its container, whatever is scrolled. */
const offsetOf = (part: Element, container: Element): number =>
  part.getBoundingClientRect().top - container.getBoundingClientRect().top;

/**
 * Keeps the part under the pointer where it is, by scrolling, when something appears or disappears above it. Parts have the attribute
 * `data-steady`. To be called by the component that renders them.
 */
export function useSteadyPointer(container: RefObject<HTMLElement | null>): void {
  const pointed = useRef<{ part: Element; offset: number }>(undefined);
  useEffect(() => {
    const element = container.current!;
    const onOver = ({ target }: PointerEvent): void => {
      const part = target instanceof Element ? target.closest('[data-steady]') : null;
      pointed.current = part ? { part, offset: offsetOf(part, element) } : undefined;
    };
    const onLeave = (): void => void (pointed.current = undefined);
    element.addEventListener('pointerover', onOver);
    element.addEventListener('pointerleave', onLeave);
    return () => {
      element.removeEventListener('pointerover', onOver);
      element.removeEventListener('pointerleave', onLeave);
    };
  }, [container]);
  useLayoutEffect(() => {
    const element = container.current!;
    if (!pointed.current?.part.isConnected) return;
    const offset = offsetOf(pointed.current.part, element);
    element.closest('main')?.scrollBy({ top: offset - pointed.current.offset, behavior: 'instant' });
    pointed.current.offset = offset;
  });
}
