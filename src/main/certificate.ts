import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describeError, UnrecoverableError } from './errors.ts';
import { waitFor } from './wait.ts';

/** Reads a PEM file. Throws UnrecoverableError when it cannot be read or contains no certificate. */
export async function readCertificate(file: string, setting: string): Promise<string> {
  try {
    const pem = await readFile(file, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch (error) {
    const problem = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : 'is not a PEM certificate';
    throw new UnrecoverableError(`${file} ${problem} (${describeError(error)}). Correct the file or ${setting}.`);
  }
}

/** Waits until the emulator has created its certificate authority. Throws UnrecoverableError when the file stays invalid. */
export async function awaitCertificate(file: string, log: (line: string) => void): Promise<string> {
  const wait = { what: `the emulator's certificate authority in ${file}`, limit: 120_000, log };
  await waitFor(wait, async () => existsSync(file) || undefined);
  // The emulator may be writing the file at this moment.
  const valid = async (): Promise<string> => new X509Certificate(await readFile(file)).toString();
  await waitFor({ what: `a certificate in ${file}`, limit: 3_000 }, valid).catch(() => undefined);
  return readCertificate(file, 'MOAT_ARM_CA');
}
