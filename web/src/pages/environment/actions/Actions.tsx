import { useLayoutEffect, useRef, useState } from 'react';
import type { Environment } from '../../../../../src/client/index.ts';
import { Button } from '../../../components/Button.tsx';
import { dangerousActions, harmlessActions } from './actionList.tsx';
import type { Action } from './actionList.tsx';
import styles from './Actions.module.css';

/** The actions that have an effect in the present state; the dangerous ones apart. */
export function Actions({ environment }: { environment: Environment }) {
  const [opened, setOpened] = useState<Action>();
  const group = useFocusKeeper();
  const buttonsOf = (actions: readonly Action[]) =>
    actions
      .filter(({ isOffered }) => isOffered(environment))
      .map((action) => (
        <Button key={action.title} kind={action.kind} onClick={() => setOpened(action)}>
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

/** Keeps the focus where the actions are when the button that has it is no longer offered. */
function useFocusKeeper() {
  const group = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const element = group.current!;
    if (hadFocus.current && document.activeElement === document.body) element.focus();
    const remember = (): void => void (hadFocus.current = true);
    const forget = ({ relatedTarget }: FocusEvent): void => {
      if (relatedTarget !== null) hadFocus.current = false;
    };
    element.addEventListener('focusin', remember);
    element.addEventListener('focusout', forget);
    return () => {
      element.removeEventListener('focusin', remember);
      element.removeEventListener('focusout', forget);
    };
  });
  return group;
}
