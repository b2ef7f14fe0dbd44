import { useState } from 'react';
import { changeLease } from '../../../../../src/client/index.ts';
import { dataOf } from '../../../api/apiProblem.ts';
import form from '../../../components/Dialog.module.css';
import { ActionDialog } from './ActionDialog.tsx';
import type { DialogProps } from './useAction.ts';

import { useAction } from './useAction.ts';

/** Renews the lease from now. */
export function RenewDialog({ environment: { name, spec }, onClose }: DialogProps) {
  const [ttl, setTtl] = useState(spec?.ttl ?? '8h');
  const request = useAction(() => dataOf(changeLease({ path: { name }, body: { ttl } })), onClose);
  return (
    <ActionDialog
      open
      title={`Renew the lease of ${name}`}
      consequence="The lease lasts this long from now. After it a sweep marks the environment, and deletes it later."
      action={`Renew for ${ttl}`}
      request={request}
      onClose={onClose}
    >
      <label className={form['field']}>
        Duration, like 90m, 8h or 3d
        <input required value={ttl} onChange={({ target }) => setTtl(target.value)} />
      </label>
    </ActionDialog>
  );
}
