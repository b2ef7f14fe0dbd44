import { removeEnvironment } from '../../../../../src/client/index.ts';
import type { Environment } from '../../../../../src/client/index.ts';
import { dataOf } from '../../../api/apiProblem.ts';
import { RequestProblem } from '../../../components/Problem.tsx';
import { TypedNameDialog } from '../../../components/TypedNameDialog.tsx';
import { countText, groupOf } from '../resources.ts';
import type { DialogProps } from './useAction.ts';
import { useAction } from './useAction.ts';

/** Deletes the environment, after its name was typed. */
export function DeleteDialog({ environment, onClose }: DialogProps) {
  const { name } = environment;
  const request = useAction(() => dataOf(removeEnvironment({ path: { name } })), onClose);
  return (
    <TypedNameDialog
      open
      title={`Delete ${name}`}
      name={name}
      action={`Delete ${name}`}
      consequence={consequenceOf(environment)}
      busy={request.isPending ? 'Requesting…' : undefined}
      problem={request.error && <RequestProblem what={`${name} is not deleted`} error={request.error} />}
      onConfirm={request.send}
      onClose={onClose}
    />
  );
}

function consequenceOf({ steps, state, run }: Environment): string {
  const resources = steps.flatMap((step) => step.resources).filter((resource) => resource.state !== 'Deleted');
  const group = groupOf(resources);
  const what = `${countText(resources.length, 'resource')}${group === undefined ? '' : ` in ${group}`}`;
  if (state === 'blocked') return 'Tries again to delete what remains. Clear the blockers first.';
  const first = run === null ? '' : `${run.id} is cancelled first. `;
  return `${first}Deletes ${what}, and the group itself: about 20 minutes on Azure. It cannot be undone.`;
}
