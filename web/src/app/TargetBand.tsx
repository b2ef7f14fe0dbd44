import styles from './TargetBand.module.css';

interface TargetBandProps {
  target: 'emulator' | 'azure';
  subscriptionIds: readonly string[];
}

/** The target cloud. The emulator is striped: nobody should take it for Azure. */
export function TargetBand({ target, subscriptionIds }: TargetBandProps) {
  if (target === 'emulator') return <p className={`${styles['band']} ${styles['emulator']}`}>EMULATOR</p>;
  return (
    <p className={styles['band']}>
      Azure
      {subscriptionIds.map((id) => (
        <code key={id} title={id}>
          {id.slice(0, 8)}…
        </code>
      ))}
    </p>
  );
}
