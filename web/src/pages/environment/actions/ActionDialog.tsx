import type { ReactNode } from 'react';
import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { RequestProblem } from '../../../components/Problem.tsx';
import form from '../../../components/Dialog.module.css';
import type { ActionRequest } from './useAction.ts';

interface ActionDialogProps {
  title: string;
  /** what will happen, in one or two sentences */
  consequence: ReactNode;
  /** of the button, like `Renew for 8h` */
  action: string;
  kind?: 'primary' | 'danger';
  request: ActionRequest;
  open: boolean;
  onClose: () => void;
  /** fields of the request */
  children?: ReactNode;
}

/** An action with its consequence, its progress, and its error. */
export function ActionDialog(props: ActionDialogProps) {
  const { title, consequence, action, kind = 'primary', request, open, onClose, children } = props;
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <form
        className={form['form']}
        onSubmit={(event) => {
          event.preventDefault();
          request.send();
        }}
      >
        <p>{consequence}</p>
        {children}
        {request.error && <RequestProblem what={`${title}: refused`} error={request.error} />}
        <div className={form['actions']}>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" kind={kind} busy={request.isPending ? 'Requesting…' : undefined}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
