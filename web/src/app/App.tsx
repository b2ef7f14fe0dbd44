import { useState } from 'react';
import { Router, useLocation } from 'wouter';
import { useConnection } from '../api/connection.ts';
import { useLiveList } from '../api/liveList.ts';
import { ConnectionBar } from './ConnectionBar.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { KeysDialog } from './KeysDialog.tsx';
import { useKeys } from './keys.ts';
import { Pages } from './Pages.tsx';
import { Sidebar } from './Sidebar.tsx';
import { SignInGate } from './SignInGate.tsx';
import styles from './App.module.css';

/** The frame of every page. */
export function App() {
  return (
    <Router base="/console">
      <SignInGate>
        <Shell />
      </SignInGate>
    </Router>
  );
}

function Shell() {
  useLiveList();
  const [keysShown, setKeysShown] = useState(false);
  const [, navigate] = useLocation();
  useKeys({ '?': () => setKeysShown(true), n: () => navigate('/environments/new') });
  const isStale = useConnection().status === 'lost';
  return (
    <div className={styles['app']}>
      <a className={styles['skip']} href="#main">
        Skip to the content
      </a>
      <Sidebar onShowKeys={() => setKeysShown(true)} />
      <div className={styles['content']}>
        <ConnectionBar />
        <main id="main" tabIndex={-1} className={styles['main']} data-stale={isStale || undefined}>
          <ErrorBoundary>
            <Pages />
          </ErrorBoundary>
        </main>
      </div>
      <KeysDialog open={keysShown} onClose={() => setKeysShown(false)} />
    </div>
  );
}
