import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildConsole, consoleDirectory } from '../../src/main/consoleBuild.ts';

it('is built for production, also where NODE_ENV is "test": no development code, and no path of the machine', async () => {
  await buildConsole(() => {});
  const scripts = globSync('assets/*.js', { cwd: consoleDirectory });
  expect(scripts.length).toBeGreaterThan(5);
  for (const script of scripts) {
    const text = readFileSync(join(consoleDirectory, script), 'utf8');
    expect(text, script).not.toContain(process.cwd());
    expect(text, script).not.toContain('jsxDEV(');
  }
});
