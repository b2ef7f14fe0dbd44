/** Runs file system calls; throws an Error of one line that names the file and what to do. */
export function explainFileError<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileError(path, error);
  }
}

export function fileError(path: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(
    `Cannot open ${path}: ${reason}. Make the data directory readable and writable, or choose another one.`,
  );
}
