import { useState } from 'react';
import type { Environment } from '../../../../../src/client/index.ts';
import { useRefusal } from '../../../api/me.ts';
import { Button } from '../../../components/Button.tsx';
import { onDemand } from '../../../components/onDemand.tsx';
import { Skeleton } from '../../../components/Skeleton.tsx';
import { jsonError } from '../../../components/jsonError.ts';
import type { TabProps } from '../tabs.tsx';
import { AttemptHistory } from './AttemptHistory.tsx';
import { AttemptResult } from './AttemptResult.tsx';
import { useSampleRequest } from './sampleRequest.ts';
import { useAttempts, useScore } from './scores.ts';
import styles from './ScoreTab.module.css';

const JsonEditor = onDemand(
  () => import('../../../components/JsonEditor.tsx'),
  <Skeleton what="the editor" rows={3} />,
);

/** What was typed, by environment: it survives a visit to another tab. */
const drafts = new Map<string, string>();

/** Sends a request to the endpoint from inside the virtual network. */
export default function ScoreTab({ environment }: TabProps) {
  const sample = useSampleRequest(environment.spec);
  if (sample === undefined) return <Skeleton what="the sample request" />;
  return <ScoreForm environment={environment} sample={sample} />;
}

function ScoreForm({ environment, sample }: { environment: Environment; sample: string | null }) {
  const { name } = environment;
  const [text, setText] = useState(drafts.get(name) ?? sample ?? '');
  const [shown, setShown] = useState<number>();
  const score = useScore(name);
  const attempts = useAttempts(name);
  const attempt = attempts.find(({ submittedAt }) => submittedAt === shown) ?? attempts[0];
  const type = (next: string): void => {
    drafts.set(name, next);
    setText(next);
  };
  const mayNot = useRefusal()('scoreEnvironment', environment.owner);
  const refusal = refusalOf(environment);
  const send = (): void => {
    setShown(undefined);
    score.mutate(text);
  };
  return (
    <div className={styles['tab']}>
      <section className={styles['request']}>
        <JsonEditor label="Request" value={text} onChange={type} />
        <div className={styles['actions']}>
          <Button
            kind="primary"
            refusal={mayNot}
            disabled={refusal !== undefined || jsonError(text) !== undefined}
            busy={attempts[0]?.status === 'pending' ? 'Waiting for the answer…' : undefined}
            onClick={send}
          >
            Send request
          </Button>
          {sample !== null && text !== sample && <Button onClick={() => type(sample)}>Use the sample</Button>}
        </div>
        <p className={styles['note']}>{mayNot ?? refusal ?? noteOf(sample)}</p>
      </section>
      <AttemptResult attempt={attempt} />
      <AttemptHistory
        attempts={attempts}
        shown={attempt}
        onShow={({ submittedAt, request }) => {
          setShown(submittedAt);
          type(request);
        }}
      />
    </div>
  );
}

const noteOf = (sample: string | null): string =>
  sample === null
    ? 'Sent from the jumpbox inside the virtual network; tens of seconds on Azure. The model has no sample request in its spec.'
    : 'Sent from the jumpbox inside the virtual network; tens of seconds on Azure.';

/** Why a request cannot be scored now. */
const refusalOf = ({ name, state, actions }: Environment): string | undefined =>
  actions.includes('score') ? undefined : `${name} is ${state}; a request can be scored when it is ready.`;
