import type { LocalTry } from '../../../../../src/client/index.ts';
import styles from './RunsTab.module.css';

/** What the image answered on the jumpbox before it was deployed, with the end of its container's log. */
export function LocalTryFacts({
  localTry: { status, latencyMs, excerpt, bytes, sha256, log },
}: {
  localTry: LocalTry;
}) {
  return (
    <section>
      <h3>Local try</h3>
      <dl className={styles['facts']}>
        <dt>Answer</dt>
        <dd>
          HTTP {status}, {Math.round(latencyMs)} ms in the container on the jumpbox
        </dd>
        <dt>Body</dt>
        <dd>
          <code className={styles['excerpt']}>{excerpt}</code>
        </dd>
        <dt>Size and SHA-256</dt>
        <dd>
          {bytes} bytes, <code>{sha256}</code>
        </dd>
        <dt>Container log, last lines</dt>
        <dd>
          <pre className={styles['log']} tabIndex={0} aria-label="Container log of the local try">
            {log}
          </pre>
        </dd>
      </dl>
    </section>
  );
}
