import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { SweepSettings } from '../../src/domain/sweep/gateway.ts';
import { environmentWorkflowId, runWorkflowId } from '../../src/workflows/messages.ts';
import { sweepSettings } from '../workflows/fixtures.ts';
import { startWorkflowHarness } from '../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../workflows/workflowHarness.ts';
import { failWith } from '../workflows/fakeArm.ts';
import { writeHistory } from './histories.ts';

export interface Recorder {
  moat: WorkflowHarness;
  /** the settings that sweeps read */
  settings: SweepSettings;
  /** `listGroups`: listing groups fails in the sweeps that follow */
  faults: { listGroups: boolean };
  /** Saves the history of a workflow as `name`. */
  save: (name: string, workflowId: string, runId?: string) => Promise<void>;
  /** Saves the history of an environment's workflow as `environment-{ending}`. */
  saveEnvironment: (ending: string, name: string) => Promise<void>;
  /** Saves the history of a run as `{workflow type}-{ending}`. */
  saveRun: (ending: string, name: string, run: string) => Promise<void>;
}

export async function createRecorder(address: string): Promise<Recorder> {
  const settings = sweepSettings();
  const faults = { listGroups: false };
  const moat: WorkflowHarness = await startWorkflowHarness(address, 'record', {
    sweepSettings: settings,
    activities: {
      findGroups: async (input) => {
        if (faults.listGroups) await failWith('Forbidden', 'not allowed to list groups')();
        return moat.fakeActivities.findGroups(input);
      },
    },
  });
  const save: Recorder['save'] = async (name, workflowId, runId) =>
    writeHistory(name, historyToJSON(await moat.client.workflow.getHandle(workflowId, runId).fetchHistory()));
  return {
    moat,
    settings,
    faults,
    save,
    saveEnvironment: (ending, name) => save(`environment-${ending}`, environmentWorkflowId(name)),
    saveRun: (ending, name, run) => save(`${run.split('-')[0]}-${ending}`, runWorkflowId(name, run)),
  };
}
