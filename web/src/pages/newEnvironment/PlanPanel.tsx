import { CreateButton } from './CreateButton.tsx';
import { CurlCommand } from './CurlCommand.tsx';
import { PlanFigures } from './PlanFigures.tsx';
import { PlanFindings } from './PlanFindings.tsx';
import { PlannedAdoption } from './PlannedAdoption.tsx';
import { PlannedResources } from './PlannedResources.tsx';
import { PlanStatus } from './PlanStatus.tsx';
import { refusedFields } from './refusedFields.ts';
import type { RequestBody } from './requestBody.ts';
import type { Creation } from './useCreation.ts';
import type { PlanState } from './usePlan.ts';
import styles from './Plan.module.css';

interface PlanPanelProps {
  request: RequestBody;
  plan: PlanState;
  creation: Creation;
}

/** What the request would do, the button that sends it, and the command that does the same. */
export function PlanPanel({ request, plan: state, creation }: PlanPanelProps) {
  const { plan, isCurrent } = state;
  return (
    <aside className={styles['panel']} aria-labelledby="plan-title">
      <h2 id="plan-title" className={styles['title']}>
        Plan
      </h2>
      <PlanStatus request={request} state={state} />
      {plan && (
        <div className={styles['plan']} data-stale={!isCurrent || undefined}>
          <PlanFigures plan={plan} />
        </div>
      )}
      <CreateButton request={request} state={state} creation={creation} />
      {plan && (
        <div className={styles['plan']} data-stale={!isCurrent || undefined}>
          <PlanFindings findings={plan.findings} />
          <PlannedAdoption plan={plan} />
          <PlannedResources plan={plan} />
        </div>
      )}
      {Object.keys(refusedFields(request, state.error)).length === 0 && <CurlCommand body={request.body} />}
    </aside>
  );
}
