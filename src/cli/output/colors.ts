import type pc from 'picocolors';

/** What colours a text. An object of picocolors is one. */
export type Colors = Pick<typeof pc, 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'>;

const plain = (text: unknown): string => String(text);

/** Leaves texts as they are. */
export const noColors: Colors = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };
