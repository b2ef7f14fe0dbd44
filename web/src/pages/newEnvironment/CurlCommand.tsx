import type { NewEnvironment } from '../../../../src/client/index.ts';
import { Command } from '../../components/Command.tsx';
import styles from './Plan.module.css';

/** The command that sends the same request. */
export function CurlCommand({ body }: { body: NewEnvironment }) {
  // A single quote ends the shell's string, is escaped, and begins it again.
  const data = JSON.stringify(body).replaceAll("'", String.raw`'\''`);
  return (
    <section className={styles['section']}>
      <h3>As curl</h3>
      <Command text={`curl ${window.location.origin}/environments -H 'content-type: application/json' -d '${data}'`} />
    </section>
  );
}
