/** An ARM id without its subscription and group, which are the same for all of an environment. */
export const shortId = (id: string): string =>
  id
    .replace(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\//i, '')
    .replace(/^\/subscriptions\/[^/]+\//i, '');
