import { useLocation } from 'wouter';
import type { Environment } from '../../../../src/client/index.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import { environmentTabs } from './tabs.tsx';

const firstTab = environmentTabs[0].id;

/** The tabs of an environment, selected by the address. */
export function EnvironmentTabs({
  environment,
  tab = firstTab,
}: {
  environment: Environment;
  tab: string | undefined;
}) {
  const [, navigate] = useLocation();
  const { name } = environment;
  if (!environmentTabs.some(({ id }) => id === tab))
    return <EmptyState title="Not found">{`An environment has no tab ${tab}.`}</EmptyState>;
  return (
    <Tabs
      label={`About ${name}`}
      selected={tab}
      onSelect={(id) => navigate(`/environments/${name}${id === firstTab ? '' : `/${id}`}`)}
      tabs={environmentTabs.map(({ id, title, Content }) => ({
        id,
        title,
        content: () => <Content environment={environment} />,
      }))}
    />
  );
}
