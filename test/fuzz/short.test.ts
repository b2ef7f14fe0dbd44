import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { prepareClient } from '../../clients/virtualEnvironment.ts';
import { modes, runFuzz } from '../../fuzz/runFuzz.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Python of the virtual environment; undefined where Python, venv or PyPI is missing. */
function prepare(): string | undefined {
  try {
    return prepareClient(here('../../.moat/clients/fuzz'), here('../../fuzz/requirements.txt'));
  } catch {
    return undefined;
  }
}
const python = prepare();
const title = `generated requests${python === undefined ? ' (needs Python and PyPI)' : ''}`;

describe.skipIf(python === undefined)(title, () => {
  it.each(modes)('are answered as the OpenAPI document says: %s', { timeout: 300_000 }, async (mode) => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const result = await runFuzz({ python: python!, mode, requests: 100, seed: 1, short: true }, log);
    expect(result.findings, lines.join('\n')).toEqual([]);
    expect(result.requests).toBeGreaterThanOrEqual(100);
  });
});
