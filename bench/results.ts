import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import type { PartResult } from './part.ts';

/** A part's result with the machine that it was measured on. */
export interface StoredPart extends PartResult {
  machine: Machine;
  /** ISO 8601 */
  measuredAt: string;
  seconds: number;
}

/** Results by name of part. */
export type Results = Record<string, StoredPart>;

const fileIn = (directory: string): string => join(directory, 'results.json');

/** The results of earlier runs; none when the file is missing. */
export function readResults(directory: string): Results {
  try {
    return JSON.parse(readFileSync(fileIn(directory), 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

export function writeResults(directory: string, results: Results): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(fileIn(directory), `${JSON.stringify(results, undefined, 1)}\n`);
}
