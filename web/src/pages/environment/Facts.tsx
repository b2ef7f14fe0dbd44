import type { Environment } from '../../../../src/client/index.ts';
import { LeaseCountdown } from '../../components/LeaseCountdown.tsx';
import { ProofMark } from '../../components/ProofMark.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import styles from './Facts.module.css';

/** Who owns it, where it is, how long it lives, and whether its isolation is proved. */
export function Facts({
  environment: { owner, spec, createdAt, lease, proof, state, links },
}: {
  environment: Environment;
}) {
  return (
    <ul className={styles['facts']} aria-label="Facts">
      <li>{owner}</li>
      {spec && <li>{spec.location}</li>}
      <li>
        requested <RelativeTime time={createdAt} />
      </li>
      {state !== 'deleted' && (
        <li>
          lease <LeaseCountdown lease={lease} />
          {lease.protected && lease.reason !== null && `: ${lease.reason}`}
        </li>
      )}
      <li>
        <ProofMark proof={proof} />
      </li>
      {links.portal !== null && (
        <li>
          <a href={links.portal}>Azure portal</a>
        </li>
      )}
      {links.temporal !== null && (
        <li>
          <a href={links.temporal}>Temporal</a>
        </li>
      )}
    </ul>
  );
}
