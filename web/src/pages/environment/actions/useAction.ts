import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Environment } from '../../../../../src/client/index.ts';
import { environmentQuery } from '../../../api/queries.ts';

/** What the dialog of every action needs. */
export interface DialogProps {
  environment: Environment;
  onClose: () => void;
}

export interface ActionRequest {
  send: () => void;
  isPending: boolean;
  error: Error | null;
}

/** Sends the request of an action; its answer is the environment as it is then. */
export function useAction(request: () => Promise<Environment>, onDone: () => void): ActionRequest {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: request,
    onSuccess: (environment) => {
      queryClient.setQueryData(environmentQuery(environment.name).queryKey, environment);
      onDone();
    },
  });
  return { send: mutate, isPending, error };
}
