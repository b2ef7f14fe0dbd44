/** `docs/client-results.json`, which `npm run test:clients -- --record` writes: the packages, and whether each step of a suite passed. */
export interface ClientResults {
  versions: Record<string, string>;
  suites: Record<string, Record<string, boolean>>;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function suiteRow([suite, steps]: [string, Record<string, boolean>]): string {
  const all = Object.entries(steps);
  const failed = all.filter(([, passed]) => !passed).map(([step]) => `\`${step}\``);
  return row([suite, String(all.length), String(all.length - failed.length), failed.join(', ')]);
}

/** The section about clients that nobody here wrote; `results` is undefined where they were not run. */
export function clientsSection(results: ClientResults | undefined): string[] {
  const title = ['## Clients that nobody here wrote', ''];
  if (results === undefined) return [...title, 'Not run: there is no `client-results.json` beside this page.', ''];
  const packages = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  return [
    ...title,
    `The last recorded run of \`npm run test:clients\` ([each step](client-results.json)), with ${packages.join(', ')}:`,
    '',
    row(['suite', 'steps', 'passed', 'failed']),
    row(['---', '---', '---', '---']),
    ...Object.entries(results.suites).map(suiteRow),
    '',
  ];
}
