import { useState } from 'react';
import { changeLease } from '../../../../../src/client/index.ts';
import { dataOf } from '../../../api/apiProblem.ts';
import form from '../../../components/Dialog.module.css';
import { ActionDialog } from './ActionDialog.tsx';
import type { DialogProps } from './useAction.ts';

import { useAction } from './useAction.ts';

/** Protects the environment, with a reason. */
export function ProtectDialog({ environment: { name }, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const request = useAction(() => dataOf(changeLease({ path: { name }, body: { protected: true, reason } })), onClose);
  return (
    <ActionDialog
      open
      title={`Protect ${name}`}
      consequence="Nobody can delete it, and no sweep does, until the protection is released. It continues to cost."
      action={`Protect ${name}`}
      request={request}
      onClose={onClose}
    >
      <label className={form['field']}>
        Reason, shown to everybody
        <input required value={reason} onChange={({ target }) => setReason(target.value)} />
      </label>
    </ActionDialog>
  );
}

/** Removes the protection. */
export function ReleaseDialog({ environment: { name, lease }, onClose }: DialogProps) {
  const request = useAction(() => dataOf(changeLease({ path: { name }, body: { protected: false } })), onClose);
  return (
    <ActionDialog
      open
      title={`Release ${name}`}
      consequence={`It is protected: ${lease.reason ?? 'no reason given'}. Released, it can be deleted, and is when its lease has expired.`}
      action={`Release ${name}`}
      request={request}
      onClose={onClose}
    />
  );
}
