/** What `npm run test:clients -- --record` writes: versions of the clients, and by suite whether each step passed. */
export interface ClientResults {
  versions: Record<string, string>;
  suites: Record<string, Record<string, boolean>>;
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** The section about clients that nobody here wrote; undefined: they were not run. */
export function clientsSection(results: ClientResults | undefined): string[] {
  const title = ['## Clients that nobody here wrote', ''];
  if (results === undefined) return [...title, 'Not run: there is no `client-results.json` beside this page.', ''];
  const suites = Object.entries(results.suites).map(([name, steps]) => ({ name, steps: Object.entries(steps) }));
  const failed = suites.flatMap(({ name, steps }) =>
    steps.filter(([, passed]) => !passed).map(([step]) => [name, step]),
  );
  const total = suites.reduce((sum, { steps }) => sum + steps.length, 0);
  return [
    ...title,
    `${total - failed.length} of ${total} steps passed in the last recorded run of \`npm run test:clients\`: commands of the Azure CLI and calls of the Python SDKs,`,
    'each with its expectation. The steps are in `clients/az` and `clients/sdk`.',
    '',
    row(['suite', 'steps', 'passed']),
    row(['---', '---', '---']),
    ...suites.map(({ name, steps }) => row([name, steps.length, steps.filter(([, passed]) => passed).length])),
    '',
    ...failed.map(([suite, step]) => `* failed: ${suite}, \`${step}\``),
    ...(failed.length > 0 ? [''] : []),
    `Versions: ${Object.entries(results.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    '',
  ];
}
