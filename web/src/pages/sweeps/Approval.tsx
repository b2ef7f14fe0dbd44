import { useState } from 'react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { approveSweep } from '../../../../src/client/index.ts';
import type { Sweep } from '../../../../src/client/index.ts';
import { dataOf } from '../../api/apiProblem.ts';
import { useRefusal } from '../../api/me.ts';
import { Button } from '../../components/Button.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { TypedNameDialog } from '../../components/TypedNameDialog.tsx';
import { scheduleQuery, sweepsQuery } from './queries.ts';
import { countText } from './sweepText.ts';

/** Approves the list of a stopped sweep, or leads to the sweep that has done so. */
export function Approval({ sweep }: { sweep: Sweep }) {
  const { data } = useInfiniteQuery(sweepsQuery);
  const [isOpen, setOpen] = useState(false);
  const refusal = useRefusal();
  const approved = data?.pages
    .flatMap(({ items }) => items)
    .find(({ approvedSweepId }) => approvedSweepId === sweep.id);
  if (approved)
    return (
      <p>
        Approved. <Link href={`/sweeps/${approved.id}`}>The approved sweep</Link>
      </p>
    );
  const { due } = sweep.counts;
  if (due === 0) return <p>Nothing is due: there is nothing to approve. The next sweep checks again.</p>;
  return (
    <div>
      <Button kind="danger" refusal={refusal('approveSweep')} onClick={() => setOpen(true)}>
        Approve the teardown of {countText(due)}…
      </Button>
      <ApprovalDialog sweep={sweep} open={isOpen} onClose={() => setOpen(false)} />
    </div>
  );
}

function ApprovalDialog({ sweep, open, onClose }: { sweep: Sweep; open: boolean; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [, navigate] = useLocation();
  const approval = useMutation({
    mutationFn: () => dataOf(approveSweep({ path: { id: sweep.id } })),
    onSuccess: ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: sweepsQuery.queryKey });
      navigate(`/sweeps/${id}`);
    },
  });
  const close = (): void => {
    approval.reset();
    onClose();
  };
  const { due } = sweep.counts;
  return (
    <TypedNameDialog
      title={`Delete ${countText(due)}?`}
      consequence={<Consequence sweep={sweep} />}
      name={`delete ${due}`}
      action="Approve and delete"
      open={open}
      busy={approval.isPending ? 'Approving…' : undefined}
      problem={approval.error && <RequestProblem what="The sweep was not approved" error={approval.error} />}
      onConfirm={() => approval.mutate()}
      onClose={close}
    />
  );
}

const shownNames = 10;

function Consequence({ sweep: { counts, lists } }: { sweep: Sweep }) {
  const { data: schedule } = useQuery(scheduleQuery);
  const names = lists.due.slice(0, shownNames).map(({ name }) => name);
  const more = counts.due - names.length;
  return (
    <>
      Everything in the resource groups of these environments is deleted: <strong>{names.join(', ')}</strong>
      {more > 0 && ` and ${more.toLocaleString()} more, which are listed on the page`}. Each is checked again before:
      one that was renewed or protected since then is kept. {schedule?.policy.cap} Those that expired first come first.
    </>
  );
}
