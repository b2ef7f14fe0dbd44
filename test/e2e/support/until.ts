/** Milliseconds within which a run must end: longer for a running Moat, which may use Azure. */
export const runLimitMs = process.env['MOAT_TEST_URL'] === undefined ? 60_000 : 2 * 3_600_000;

/** Polls until `poll` returns a value. An error of `poll` counts as "not yet"; the last one is the cause of the timeout error. */
export async function until<T>(what: string, poll: () => Promise<T | undefined | false>, limitMs = 60_000): Promise<T> {
  let lastError: unknown;
  for (const end = Date.now() + limitMs; Date.now() < end;) {
    try {
      const value = await poll();
      if (value) return value;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${limitMs} ms: ${what}`, { cause: lastError });
}
