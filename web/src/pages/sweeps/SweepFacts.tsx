import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Sweep } from '../../../../src/client/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { SweepMark } from './SweepMark.tsx';

/** State, times and ID of a sweep. */
export function SweepFacts({ sweep }: { sweep: Sweep }) {
  const { id, state, startedAt, finishedAt, approvedSweepId, ownedCount } = sweep;
  const facts: readonly [string, ReactNode][] = [
    ['State', <SweepMark key="state" state={state} />],
    ['Started', <RelativeTime key="started" time={startedAt} />],
    ['Took', <Duration key="took" from={startedAt} to={finishedAt} />],
    ['Considered', `${ownedCount.toLocaleString()} environments of this installation`],
    ['ID', <code key="id">{id}</code>],
  ];
  return (
    <dl>
      {facts.map(([term, value]) => (
        <Fact key={term} term={term}>
          {value}
        </Fact>
      ))}
      {approvedSweepId !== null && (
        <Fact term="Approves">
          <Link href={`/sweeps/${approvedSweepId}`}>the sweep that stopped</Link>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}
