import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

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
 * The authority in `{dataDir}/emulator-ca.pem`, made at the first start and kept, so that who trusts it goes on trusting it;
 * and a certificate for `hosts`, made anew when it is about to end or lacks a name.
 */
export async function certificates(dataDir: string, hosts: readonly string[]): Promise<Certificates> {
  mkdirSync(dataDir, { recursive: true });
  const caPath = join(dataDir, 'emulator-ca.pem');
  const authority = await keptOrMade(caPath, join(dataDir, 'emulator-ca.key'), isFresh, makeAuthority);
  const covers = (cert: X509Certificate): boolean =>
    isFresh(cert) &&
    cert.checkIssued(new X509Certificate(authority.cert)) &&
    hosts.every((host) => (isIP(host) ? cert.checkIP(host) : cert.checkHost(host)) !== undefined);
  const leaf = await keptOrMade(join(dataDir, 'emulator.pem'), join(dataDir, 'emulator.key'), covers, () =>
    makeLeaf(authority, hosts),
  );
  return { ...leaf, caPath, caPem: authority.cert };
}

const isFresh = (cert: X509Certificate): boolean => cert.validToDate.getTime() > Date.now() + renewBefore;

async function keptOrMade(
  certPath: string,
  keyPath: string,
  good: (cert: X509Certificate) => boolean,
  make: () => Promise<Pair>,
): Promise<Pair> {
  if (existsSync(certPath) && existsSync(keyPath)) {
    const kept = { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
    if (good(new X509Certificate(kept.cert))) return kept;
  }
  const made = await make();
  writeFileSync(keyPath, made.key, { mode: 0o600 });
  writeFileSync(certPath, made.cert);
  return made;
}

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
