import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { ApiProblem } from '../../../api/apiProblem.ts';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { RequestProblem } from '../../../components/Problem.tsx';
import { Skeleton } from '../../../components/Skeleton.tsx';
import type { TabProps } from '../tabs.tsx';
import { LogControls } from './LogControls.tsx';
import type { LogSettings } from './LogControls.tsx';
import { LogText } from './LogText.tsx';
import { logQuery } from './logQuery.ts';
import styles from './LogsTab.module.css';

/** The end of the deployment's container log. */
export default function LogsTab({ environment: { name } }: TabProps) {
  const [settings, setSettings] = useState<LogSettings>({
    container: 'inference-server',
    tail: 200,
    follow: false,
    wrap: true,
    search: '',
  });
  const { container, tail, follow, wrap, search } = settings;
  const log = useQuery(logQuery(name, { container, tail }, follow));
  const { data: text, error, failureReason, dataUpdatedAt, isFetching, refetch } = log;
  const hasNoDeployment = error instanceof ApiProblem && error.problem?.code === 'NoDeployment';
  if (hasNoDeployment)
    return (
      <EmptyState title="No log" command={`curl ${location.origin}/environments/${name}/logs`}>
        The log is that of the deployment&apos;s container. {error.message}
      </EmptyState>
    );
  return (
    <div className={styles['tab']}>
      <LogControls
        settings={settings}
        text={text ?? ''}
        readAt={dataUpdatedAt}
        isReading={isFetching}
        onChange={(change) => setSettings({ ...settings, ...change })}
        onRead={() => void refetch()}
      />
      {error && <RequestProblem what={`The log of ${container} could not be read`} error={error} />}
      {text === undefined && !error && <Skeleton what={`the log of ${container}`} failure={failureReason} />}
      {text === '' && <p>The container {container} has written nothing yet.</p>}
      {text && <LogText text={text} search={search} wrap={wrap} follow={follow} />}
    </div>
  );
}
