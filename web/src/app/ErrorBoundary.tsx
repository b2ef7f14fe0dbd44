import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../components/Button.tsx';
import { Problem } from '../components/Problem.tsx';

/** Shows an error of the console itself, such as a page's script that is gone after an update. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <>
        <Problem
          what="This page could not be shown"
          why={error.message}
          remedy="Reload the page. Moat may have been updated."
        />
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </>
    );
  }
}
