import type { Azure } from '../../azure/connectAzure.ts';

/** The result of a read, or undefined where ARM answers 404. Throws what the SDK throws for anything else. */
export async function ignoreNotFound<T>(azure: Azure, read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (azure.errorOf(error).status === 404) return undefined;
    throw error;
  }
}
