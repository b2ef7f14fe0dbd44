import type { ComponentType } from 'react';
import type { Environment } from '../../../../src/client/index.ts';
import { onDemand } from '../../components/onDemand.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';

export interface TabProps {
  /** current: it changes with every event */
  environment: Environment;
}

type Load = () => Promise<{ default: ComponentType<TabProps> }>;

const tab = (id: string, title: string, load: Load) => ({
  /** the last part of the address */
  id,
  title,
  Content: onDemand(load, <Skeleton what={title} />),
});

/** The tabs of an environment, the first one without a part of the address. The script of each is loaded when it is opened. */
export const environmentTabs = [
  tab('progress', 'Progress', () => import('./progress/ProgressTab.tsx')),
  tab('proof', 'Proof', () => import('./proof/ProofTab.tsx')),
  tab('score', 'Score', () => import('./score/ScoreTab.tsx')),
  tab('runs', 'Runs', () => import('./runs/RunsTab.tsx')),
  tab('logs', 'Logs', () => import('./logs/LogsTab.tsx')),
  tab('raw', 'Raw', () => import('./raw/RawTab.tsx')),
] as const;
