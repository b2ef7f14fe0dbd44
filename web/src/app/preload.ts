import { meQuery } from '../api/me.ts';
import { aboutQuery, environmentQuery, environmentsQuery } from '../api/queries.ts';
import { queryClient } from '../api/queryClient.ts';
import { environmentTabs } from '../pages/environment/tabs.tsx';
import {
  AboutPage,
  EnvironmentPage,
  EnvironmentsPage,
  NewEnvironmentPage,
  SweepPage,
  SweepsPage,
} from './pageScripts.tsx';

interface Script {
  load: () => Promise<unknown>;
}

/** What fails here is loaded again, and reported, where it is shown. */
const load = (...scripts: (Script | undefined)[]): void => {
  for (const script of scripts) script?.load().catch(() => undefined);
};

function loadEnvironment(name: string, tab: string | undefined): void {
  load(
    EnvironmentPage,
    environmentTabs.find(({ id }, index) => (tab === undefined ? index === 0 : id === tab))?.Content,
  );
  void queryClient.prefetchQuery(environmentQuery(name));
}

function loadList(): void {
  load(EnvironmentsPage);
  void queryClient.prefetchInfiniteQuery(environmentsQuery);
}

/** Begins to load what the page at an address needs while React starts: scripts and data would otherwise wait for each other. */
export function preload(address: string): void {
  void queryClient.prefetchQuery(meQuery);
  void queryClient.prefetchQuery(aboutQuery);
  const [section, name, tab] = address.split('/').slice(2);
  if (section === 'about') load(AboutPage);
  else if (section === 'sweeps') load(name ? SweepPage : SweepsPage);
  else if (name === 'new') load(NewEnvironmentPage);
  else if (name) loadEnvironment(name, tab);
  else loadList();
}
