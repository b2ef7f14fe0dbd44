import type { Environment } from '../../../../src/client/index.ts';
import { LeaseCountdown } from '../../components/LeaseCountdown.tsx';
import { Money } from '../../components/Money.tsx';
import { ProofMark } from '../../components/ProofMark.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { variantText } from './variantText.ts';
import styles from './Facts.module.css';

/** Who owns it, where it is, how long it lives, what it costs, whether its isolation is proved, and its variant. */
export function Facts({
  environment: { owner, spec, createdAt, lease, proof, state, links, costPerHour },
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
        </li>
      )}
      {lease.protected && <li>reason: {lease.reason ?? 'not given'}</li>}
      <li>
        <ProofMark proof={proof} />
      </li>
      {costPerHour && (
        <li>
          <Money
            amount={costPerHour.amount}
            currency={costPerHour.currency}
            per="hour"
            pricesAt={costPerHour.priceListDate}
          />
        </li>
      )}
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
      {spec && <li className={styles['line']}>{variantText(spec)}</li>}
    </ul>
  );
}
