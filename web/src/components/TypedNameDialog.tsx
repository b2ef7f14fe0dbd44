import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import styles from './Dialog.module.css';

interface TypedNameDialogProps {
  title: string;
  /** what will be deleted, and how long that takes */
  consequence: ReactNode;
  /** the name to type */
  name: string;
  /** of the button, like `Delete churn1` */
  action: string;
  open: boolean;
  /** what is being done */
  busy?: string | undefined;
  /** why it failed */
  problem?: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks for the name before something is deleted. */
export function TypedNameDialog(props: TypedNameDialogProps) {
  return (
    <Dialog title={props.title} open={props.open} onClose={props.onClose}>
      <NameForm {...props} />
    </Dialog>
  );
}

function NameForm({ consequence, name, action, busy, problem, onConfirm, onClose }: TypedNameDialogProps) {
  const [typed, setTyped] = useState('');
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === name) onConfirm();
      }}
    >
      <p>{consequence}</p>
      <label className={styles['field']}>
        <span>
          Type <code>{name}</code> to confirm
        </span>
        <input value={typed} onChange={({ target }) => setTyped(target.value)} autoComplete="off" spellCheck={false} />
      </label>
      {problem}
      <div className={styles['actions']}>
        <Button onClick={onClose}>Keep it</Button>
        <Button type="submit" kind="danger" disabled={typed !== name} busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
