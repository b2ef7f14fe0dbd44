import { useState } from 'react';
import type { Environment } from '../../../../../src/client/index.ts';
import { useRefusal } from '../../../api/me.ts';
import { Button } from '../../../components/Button.tsx';
import { dangerousActions, harmlessActions } from './actionList.tsx';
import type { Action } from './actionList.tsx';
import { useFocusKeeper } from './useFocusKeeper.ts';
import styles from './Actions.module.css';

/** The actions that have an effect in the present state, without those of the open tab; the dangerous ones apart. */
export function Actions({ environment, tab }: { environment: Environment; tab: string | undefined }) {
  const [opened, setOpened] = useState<Action>();
  const refusal = useRefusal();
  const group = useFocusKeeper(opened !== undefined);
  const buttonsOf = (actions: readonly Action[]) =>
    actions
      .filter((action) => action.isOffered(environment) && (action.tab === undefined || action.tab !== tab))
      .map((action) => (
        <Button
          key={action.title}
          kind={action.kind}
          refusal={refusal(action.operation, environment.owner)}
          onClick={() => setOpened(action)}
        >
          {action.title}
        </Button>
      ));
  const dangerous = buttonsOf(dangerousActions);
  return (
    <div ref={group} tabIndex={-1} role="group" aria-label="Actions" className={styles['actions']}>
      {buttonsOf(harmlessActions)}
      {dangerous.length > 0 && <div className={styles['dangerous']}>{dangerous}</div>}
      {opened && <opened.Dialog environment={environment} onClose={() => setOpened(undefined)} />}
    </div>
  );
}
