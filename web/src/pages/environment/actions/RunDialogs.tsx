import { cancelRun, createEnvironment, verifyEnvironment } from '../../../../../src/client/index.ts';
import type { Spec } from '../../../../../src/client/index.ts';
import { dataOf } from '../../../api/apiProblem.ts';
import { ActionDialog } from './ActionDialog.tsx';
import type { DialogProps } from './useAction.ts';

import { useAction } from './useAction.ts';

/** Proves the isolation now. */
export function VerifyDialog({ environment: { name }, onClose }: DialogProps) {
  const request = useAction(() => dataOf(verifyEnvironment({ path: { name } })), onClose);
  return (
    <ActionDialog
      open
      title={`Verify ${name}`}
      consequence="Starts a run that proves the isolation from inside and outside. It takes a minute or two on Azure; the endpoint stays in service."
      action="Verify now"
      request={request}
      onClose={onClose}
    />
  );
}

/** Starts a run that continues the one that ended. */
export function ProvisionDialog({ environment, onClose }: DialogProps) {
  const { name, spec } = environment;
  // The action is only offered where the spec is known.
  const request = useAction(() => dataOf(createEnvironment({ body: spec as Spec })), onClose);
  return (
    <ActionDialog
      open
      title={`Provision ${name} again`}
      consequence="Starts a run with the same spec. It keeps the resources that exist, and continues where the last run stopped."
      action="Provision again"
      request={request}
      onClose={onClose}
    />
  );
}

/** Cancels the run in progress. */
export function CancelDialog({ environment: { name, run }, onClose }: DialogProps) {
  const request = useAction(() => dataOf(cancelRun({ path: { name }, body: {} })), onClose);
  return (
    <ActionDialog
      open
      title={`Cancel the run of ${name}`}
      consequence={`${run?.id ?? 'The run'} stops. The resources that exist remain, and cost, until the environment is deleted.`}
      action="Cancel the run"
      kind="danger"
      request={request}
      onClose={onClose}
    />
  );
}
