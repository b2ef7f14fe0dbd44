import { ScheduleNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Problem } from '../domain/problem.ts';
import { scheduleId } from '../workflows/messages.ts';
import { UnreadableData } from './unreadableData.ts';

/**
 * Checks before the start whether the encryption key was lost, by reading the schedule of sweeps: each start of a worker encrypts it
 * again with the current key. Throws UnreadableData.
 */
export async function requireReadable(client: Client, address: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).describe();
  } catch (error) {
    if (error instanceof Problem) throw new UnreadableData(address, error.message);
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
