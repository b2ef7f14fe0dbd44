import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { createEnvironment } from '../../../../src/client/index.ts';
import type { NewEnvironment } from '../../../../src/client/index.ts';
import { dataOf } from '../../api/apiProblem.ts';
import { clearDraft } from './draft.ts';

export interface Creation {
  isPending: boolean;
  /** why the present input was refused */
  error: Error | null;
  create: () => void;
}

/** Requests the environment and opens its page. Repeating the request is safe: the API answers with the same environment. */
export function useCreation(body: NewEnvironment, onRefused: () => void): Creation {
  const [, navigate] = useLocation();
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: (requested: NewEnvironment) => dataOf(createEnvironment({ body: requested })),
    onSuccess: ({ name }) => {
      clearDraft();
      navigate(`/environments/${name}`);
    },
    onError: onRefused,
  });
  return { isPending, error: variables === body ? error : null, create: () => mutate(body) };
}
