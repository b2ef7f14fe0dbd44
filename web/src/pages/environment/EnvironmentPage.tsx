import { useLiveEnvironment } from '../../api/liveEnvironment.ts';
import page from '../../components/Page.module.css';
import { PageHead } from '../../components/PageHead.tsx';
import { RequestProblem } from '../../components/Problem.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { Actions } from './actions/Actions.tsx';
import { EnvironmentTabs } from './EnvironmentTabs.tsx';
import { Facts } from './Facts.tsx';
import { StatusLine } from './StatusLine.tsx';

/** One environment: its state, its actions, and tabs that are selected by the address. */
export default function EnvironmentPage({ name, tab }: { name: string; tab: string | undefined }) {
  const { data, error, failureReason } = useLiveEnvironment(name);
  return (
    <>
      <PageHead title={name}>{data && <Actions environment={data} tab={tab} />}</PageHead>
      <div className={page['page']} data-wide>
        {error && <RequestProblem what={`${name} could not be read`} error={error} />}
        {!data && !error && <Skeleton what={name} failure={failureReason} />}
        {data && (
          <>
            <StatusLine environment={data} />
            <Facts environment={data} />
            <EnvironmentTabs environment={data} tab={tab} />
          </>
        )}
      </div>
    </>
  );
}
