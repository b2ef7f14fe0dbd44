import { useSyncExternalStore } from 'react';

// One clock for all components, so that all texts change together. Rounded: a component renders only when its text can differ.
let now = Date.now();
let timer: number | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    // Nobody has listened, so that the clock is late.
    now = Date.now();
    timer = window.setInterval(tick, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** The present time in milliseconds; the component renders again when it has changed by `resolution` milliseconds. */
export function useNow(resolution = 1_000): number {
  return useSyncExternalStore(subscribe, () => now - (now % resolution));
}
