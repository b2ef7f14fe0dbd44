/** Exit codes of `moat`, documented in docs/command-line.md. */
export const exitCodes = {
  done: 0,
  /** the run, the environment or the answer is not what was asked for */
  failed: 1,
  /** invalid arguments, files or settings; nothing was started */
  usage: 2,
  /** Moat refused the request */
  refused: 3,
  /** no usable answer from Moat */
  unreachable: 4,
  /** Ctrl-C: the run continues */
  detached: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
