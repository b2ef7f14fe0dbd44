import { HttpProblem } from '../problems.ts';

const origin = 'http://moat.invalid';
const consoleRoot = '/console/';

/** The page of the console that a browser returns to after signing in. Throws BadRequest for anything else: a link must not lead to another site. */
export function returnPathOf(returnTo: string | undefined): string {
  if (returnTo === undefined) return consoleRoot;
  // Parsed as a browser parses it, which takes `\` for `/` and ignores tabs.
  const url = URL.canParse(returnTo, origin) ? new URL(returnTo, origin) : undefined;
  if (url?.origin !== origin || !url.pathname.startsWith(consoleRoot))
    throw new HttpProblem('BadRequest', `returnTo must be the path of a page below ${consoleRoot}.`);
  return url.pathname + url.search + url.hash;
}
