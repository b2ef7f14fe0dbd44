/** Why a text is no JSON, with its line and column where the browser reports them; undefined where it is. */
export function jsonError(text: string): string | undefined {
  if (text.trim() === '') return 'JSON is missing.';
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
