import type { ComponentType } from 'react';
import type { Environment } from '../../../../../src/client/index.ts';
import { DeleteDialog } from './DeleteDialog.tsx';
import { ProtectDialog, ReleaseDialog } from './ProtectDialog.tsx';
import { RenewDialog } from './RenewDialog.tsx';
import { CancelDialog, ProvisionDialog, VerifyDialog } from './RunDialogs.tsx';
import type { DialogProps } from './useAction.ts';

export interface Action {
  title: string;
  kind: 'primary' | 'plain' | 'danger';
  /** the operation of the API that it requests */
  operation: string;
  isOffered: (environment: Environment) => boolean;
  Dialog: ComponentType<DialogProps>;
  /** the tab that has a button of its own for it */
  tab?: string;
}

const has =
  (action: Environment['actions'][number]) =>
  ({ actions }: Environment): boolean =>
    actions.includes(action);

/** Those that delete nothing and stop nothing. */
export const harmlessActions: readonly Action[] = [
  {
    title: 'Provision again…',
    kind: 'primary',
    operation: 'createEnvironment',
    isOffered: (environment) => has('provision')(environment) && environment.spec !== null,
    Dialog: ProvisionDialog,
  },
  {
    title: 'Verify…',
    kind: 'plain',
    operation: 'verifyEnvironment',
    isOffered: has('verify'),
    Dialog: VerifyDialog,
    tab: 'proof',
  },
  { title: 'Renew…', kind: 'plain', operation: 'changeLease', isOffered: has('renew'), Dialog: RenewDialog },
  {
    title: 'Protect…',
    kind: 'plain',
    operation: 'changeLease',
    isOffered: (environment) => has('protect')(environment) && !environment.lease.protected,
    Dialog: ProtectDialog,
  },
  {
    title: 'Release…',
    kind: 'plain',
    operation: 'changeLease',
    isOffered: (environment) => has('protect')(environment) && environment.lease.protected,
    Dialog: ReleaseDialog,
  },
];

/** Those that stop or delete. */
export const dangerousActions: readonly Action[] = [
  { title: 'Cancel the run…', kind: 'danger', operation: 'cancelRun', isOffered: has('cancel'), Dialog: CancelDialog },
  {
    title: 'Delete…',
    kind: 'danger',
    operation: 'removeEnvironment',
    isOffered: has('teardown'),
    Dialog: DeleteDialog,
  },
];
