import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describeError, UnrecoverableError } from './processErrors.ts';
import { waitFor } from './wait.ts';

/** Throws when the first certificate of a PEM file is missing or damaged. */
const parseCertificate = (pem: string): X509Certificate => new X509Certificate(pem);

/** Reads a PEM file. Throws UnrecoverableError when it cannot be read or contains no certificate. */
export async function readCertificate(file: string, setting: string): Promise<string> {
  try {
    const pem = await readFile(file, 'utf8');
    parseCertificate(pem);
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
  const read = async (): Promise<X509Certificate> => parseCertificate(await readFile(file, 'utf8'));
  await waitFor({ what: `a certificate in ${file}`, limit: 3_000 }, read).catch(() => undefined);
  return readCertificate(file, 'MOAT_ARM_CA');
}
