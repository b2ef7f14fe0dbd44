import { lazy } from 'react';
import type { ComponentType } from 'react';
import type { Environment } from '../../../../src/client/index.ts';

export interface TabProps {
  /** current: it changes with every event */
  environment: Environment;
}

interface EnvironmentTab {
  /** the last part of the address */
  id: string;
  title: string;
  Content: ComponentType<TabProps>;
}

/** The tabs of an environment, the first one without a part of the address. The script of each is loaded when it is opened. */
export const environmentTabs: readonly EnvironmentTab[] = [
  { id: 'progress', title: 'Progress', Content: lazy(() => import('./progress/ProgressTab.tsx')) },
  { id: 'proof', title: 'Proof', Content: lazy(() => import('./proof/ProofTab.tsx')) },
  { id: 'score', title: 'Score', Content: lazy(() => import('./score/ScoreTab.tsx')) },
  { id: 'runs', title: 'Runs', Content: lazy(() => import('./runs/RunsTab.tsx')) },
  { id: 'logs', title: 'Logs', Content: lazy(() => import('./logs/LogsTab.tsx')) },
  { id: 'raw', title: 'Raw', Content: lazy(() => import('./raw/RawTab.tsx')) },
];
