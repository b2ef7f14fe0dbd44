import { useSyncExternalStore } from 'react';

/** Whether events arrive. `since`: when the connection was lost, in milliseconds. */
export type Connection = { status: 'connecting' } | { status: 'open' } | { status: 'lost'; since: number };

let current: Connection = { status: 'connecting' };
const listeners = new Set<() => void>();

/** Called by the stream of all environments. */
export function setConnection(status: 'open' | 'lost'): void {
  if (status === current.status) return;
  current = status === 'lost' ? { status, since: Date.now() } : { status };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The state of the connection, for components. */
export const useConnection = (): Connection => useSyncExternalStore(subscribe, () => current);
