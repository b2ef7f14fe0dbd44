/** The last version of the Temporal CLI that `go install` can build: later ones have replace directives, which it rejects. */
export const cliVersion = '1.5.1';

/** An archive of the official release, with the SHA-256 of the release's list of checksums, in hexadecimal. */
export interface CliArchive {
  url: string;
  sha256: string;
}

const checksums: Readonly<Record<string, string>> = {
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
};

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The archive for a platform and an architecture, as Node names them; undefined when the release has none. */
export function cliArchive(platform: string, architecture: string): CliArchive | undefined {
  const name = `${platform}_${architectures[architecture]}`;
  const sha256 = checksums[name];
  if (sha256 === undefined) return undefined;
  const file = `temporal_cli_${cliVersion}_${name}.tar.gz`;
  return { url: `https://github.com/temporalio/cli/releases/download/v${cliVersion}/${file}`, sha256 };
}
