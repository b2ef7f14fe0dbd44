import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Each file below the folder with its text. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

test('src/client is what the generator makes of docs/openapi.json (npm run client updates it)', () => {
  const output = mkdtempSync(join(tmpdir(), 'moat-client-'));
  onTestFinished(() => rmSync(output, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(root, 'scripts/generateClient.mjs'), output], { stdio: 'pipe' });
  const generated = filesOf(output);
  expect(Object.keys(generated).length).toBeGreaterThan(5);
  expect(filesOf(join(root, 'src/client'))).toEqual(generated);
});
