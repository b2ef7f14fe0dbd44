import { CliError } from '../cliError.ts';
import { exitCodes } from '../exitCodes.ts';

/** An address without a slash at its end. Throws a CliError where it is not an http address. */
export function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new CliError(exitCodes.usage, `${JSON.stringify(text)} is not an http or https address.`);
  if (url.username !== '' || url.password !== '')
    throw new CliError(exitCodes.usage, 'The address has credentials in it.', {
      remedy: 'moat login asks for the key',
    });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
