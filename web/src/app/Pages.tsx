import { Link, Redirect, Route, Switch } from 'wouter';
import page from '../components/Page.module.css';
import { PageHead } from '../components/PageHead.tsx';
import {
  AboutPage,
  EnvironmentPage,
  EnvironmentsPage,
  NewEnvironmentPage,
  SweepPage,
  SweepsPage,
} from './pageScripts.tsx';

/** The page of each address. */
export function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/environments" replace />
      </Route>
      <Route path="/environments" component={EnvironmentsPage} />
      <Route path="/environments/new" component={NewEnvironmentPage} />
      <Route path="/environments/:name/:tab?">
        {({ name, tab }) => <EnvironmentPage key={name} name={name} tab={tab} />}
      </Route>
      <Route path="/sweeps" component={SweepsPage} />
      <Route path="/sweeps/:id">{({ id }) => <SweepPage key={id} id={id} />}</Route>
      <Route path="/about" component={AboutPage} />
      <Route>
        <PageHead title="Not found" />
        <div className={page['page']}>
          <p>
            There is no page at this address. <Link href="/environments">All environments</Link>
          </p>
        </div>
      </Route>
    </Switch>
  );
}
