/** The section about clients that nobody here wrote. `results` is `docs/client-results.json`; undefined: they were not run. */
export function clientsSection(results: unknown): string[] {
  const title = ['## Clients that nobody here wrote', ''];
  if (results === undefined) return [...title, 'Not run: there is no `client-results.json` beside this page.', ''];
  return [...title, JSON.stringify(results), ''];
}
