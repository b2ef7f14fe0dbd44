import type { LogRange } from './logQuery.ts';

type Container = LogRange['container'];

/** What each container does; a new one in the API does not compile without its words. */
const meanings: Record<Container, string> = {
  'inference-server': 'runs the model',
  'storage-initializer': 'downloads the model before',
};

/** The containers of a deployment, the usual one first. */
export const containers = Object.entries(meanings) as [Container, string][];
