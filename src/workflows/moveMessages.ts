import { defineSignal } from '@temporalio/workflow';
import type { Json, Tolerance } from '../domain/environment.ts';

export const moveWorkflowType = 'move';
/** One open move per environment. */
export const moveWorkflowId = (from: string): string => `environment-${from}:move`;
export const moveMemoKey = 'move';

export interface MoveInput {
  from: string;
  to: string;
  /** scored by both */
  request: Json;
  /** of the model, for numbers in the answers */
  tolerance?: Tolerance;
  /** confirmed in advance */
  confirmed: boolean;
  requestedBy: string | null;
  /** ISO time */
  startedAt: string;
}

/** Tear the old environment down as soon as the answers agree. */
export const confirmMoveSignal = defineSignal<[{ by: string | null }]>('confirmMove');
