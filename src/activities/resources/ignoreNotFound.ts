import type { Azure } from '../../azure/connectAzure.ts';

/** The result of a request, or undefined where ARM answers 404. Rethrows any other error of the SDK. */
export async function ignoreNotFound<T>(azure: Azure, read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (azure.errorOf(error).status === 404) return undefined;
    throw error;
  }
}
