import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const lockFile = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
  packages: Record<string, { hasInstallScript?: boolean }>;
};

/** Packages whose install script compiles nothing: `node` copies the pinned Node, the others print warnings or check themselves. */
const allowed = ['@swc/core', 'node', 'protobufjs'];

it('npm ci compiles no native code: no other package has an install script (CONTRIBUTING.md, Dependencies)', () => {
  const withScript = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.split('node_modules/').at(-1)!] : [],
  );
  expect(withScript.filter((name) => !allowed.includes(name))).toEqual([]);
});
