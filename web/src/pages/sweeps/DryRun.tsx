import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { startSweep } from '../../../../src/client/index.ts';
import { dataOf } from '../../api/apiProblem.ts';
import { useRefusal } from '../../api/me.ts';
import { Button } from '../../components/Button.tsx';
import { sweepsQuery } from './queries.ts';

/** Starts a dry run and opens its page. */
export function useDryRun() {
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: () => dataOf(startSweep({ body: { dryRun: true } })),
    onSuccess: ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: sweepsQuery.queryKey });
      navigate(`/sweeps/${id}`);
    },
  });
}

/** The button of a dry run; its error is shown by the page. */
export function DryRunButton({ dryRun }: { dryRun: ReturnType<typeof useDryRun> }) {
  const refusal = useRefusal();
  return (
    <Button
      kind="primary"
      refusal={refusal('startSweep')}
      busy={dryRun.isPending ? 'Starting a dry run…' : undefined}
      onClick={() => dryRun.mutate()}
    >
      Dry run
    </Button>
  );
}
