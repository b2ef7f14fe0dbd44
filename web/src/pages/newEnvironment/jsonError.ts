/** Why a text is not JSON, in the words of the browser; undefined where it is. */
export function jsonError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `is not JSON: ${(error as Error).message}`;
  }
}
