/** The containers of a deployment that have a log. The second one downloads the model before the first one starts. */
export const logContainers = ['inference-server', 'storage-initializer'] as const;
export type LogContainer = (typeof logContainers)[number];

/** Which end of which log is read. */
export interface LogRange {
  container: LogContainer;
  /** last lines, 1 to `maxLogLines` */
  tail: number;
}

export const maxLogLines = 1000;
/** Below Temporal's warning limit of 256 KiB for one payload. */
export const maxLogBytes = 200_000;
