import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { generate as Generate } from 'selfsigned';
import { explainFileError } from '../state/fileErrors.ts';
import type { LogLine } from '../state/journal.ts';

const day = 24 * 3600 * 1000;
const authorityDays = 3650;
/** Clients refuse certificates of servers that live longer than 398 days. */
const leafDays = 365;
const renewBefore = 30 * day;

interface Pair {
  cert: string;
  key: string;
}

export interface Certificates extends Pair {
  caPath: string;
  caPem: string;
}

/**
 * The authority in `{dataDir}/emulator-ca.pem`, created at the first start and kept, so that clients need to trust it only
 * once; and a certificate for `hosts`, renewed before it expires or when it lacks a name. Files that are empty, truncated or
 * do not belong together are created again, which `log` reports: clients that trust the former authority must then reload
 * the file. Throws an Error that names the file when one cannot be read or written.
 */
export async function certificates(
  dataDir: string,
  hosts: readonly string[],
  log: (line: LogLine) => void = () => undefined,
): Promise<Certificates> {
  explainFileError(dataDir, () => mkdirSync(dataDir, { recursive: true }));
  const caPath = join(dataDir, 'emulator-ca.pem');
  const authority = await keptOrCreated(caPath, join(dataDir, 'emulator-ca.key'), isFresh, makeAuthority, log);
  const covers = (cert: X509Certificate): boolean =>
    isFresh(cert) &&
    cert.verify(new X509Certificate(authority.cert).publicKey) &&
    hosts.every((host) => (isIP(host) ? cert.checkIP(host) : cert.checkHost(host)) !== undefined);
  const [certPath, keyPath] = [join(dataDir, 'emulator.pem'), join(dataDir, 'emulator.key')];
  const leaf = await keptOrCreated(certPath, keyPath, covers, () => makeLeaf(authority, hosts), log);
  return { ...leaf, caPath, caPem: authority.cert };
}

const isFresh = (cert: X509Certificate): boolean => cert.validToDate.getTime() > Date.now() + renewBefore;

async function keptOrCreated(
  certPath: string,
  keyPath: string,
  isUsable: (cert: X509Certificate) => boolean,
  create: () => Promise<Pair>,
  log: (line: LogLine) => void,
): Promise<Pair> {
  const [cert, key] = [readText(certPath), readText(keyPath)];
  if (cert !== undefined && key !== undefined) {
    const parsed = parse(cert, key);
    if (parsed && isUsable(parsed)) return { cert, key };
    if (!parsed)
      log({
        level: 'error',
        message: `${certPath} and ${keyPath} are not a certificate and its key (empty or truncated?): both are created again. Restart the clients that have read ${certPath}.`,
      });
  }
  const created = await create();
  replaceFile(keyPath, created.key, 0o600);
  replaceFile(certPath, created.cert, 0o644);
  return created;
}

/** The certificate, if it can be parsed and belongs to the key. */
function parse(cert: string, key: string): X509Certificate | undefined {
  try {
    const parsed = new X509Certificate(cert);
    return parsed.checkPrivateKey(createPrivateKey(key)) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const readText = (path: string): string | undefined =>
  explainFileError(path, () => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));

/** Writes a file so that a crash leaves the former content or the new one. */
function replaceFile(path: string, content: string, mode: number): void {
  explainFileError(path, () => {
    writeFileSync(`${path}.new`, content, { mode });
    renameSync(`${path}.new`, path);
  });
}

/** Loaded only where something is created: it would double the time that a start takes. */
const generate: typeof Generate = async (...parameters) => (await import('selfsigned')).generate(...parameters);

async function makeAuthority(): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: 'Moat emulator authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...validFor(authorityDays),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

async function makeLeaf(authority: Pair, hosts: readonly string[]): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: hosts[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...validFor(leafDays),
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          isIP(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host },
        ),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** From yesterday on, so that clocks may differ a little. */
function validFor(days: number): { notBeforeDate: Date; notAfterDate: Date } {
  return { notBeforeDate: new Date(Date.now() - day), notAfterDate: new Date(Date.now() + days * day) };
}
