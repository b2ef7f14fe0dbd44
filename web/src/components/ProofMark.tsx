import type { ListedProof, Proof } from '../../../src/client/index.ts';
import { brokenText } from './brokenProof.ts';
import { icons } from './icons.tsx';
import { RelativeTime } from './RelativeTime.tsx';
import styles from './StateMark.module.css';

/** Whether isolation is proved, and how long ago that was observed. `rough`: in one unit. */
export function ProofMark({ proof, rough = false }: { proof: Proof | ListedProof | null; rough?: boolean }) {
  if (proof === null)
    return (
      <span className={`${styles['mark']} ${styles['quiet']}`}>
        {icons.shieldOpen}
        <span>unproved</span>
      </span>
    );
  const [hue, icon, word] = proof.complete
    ? ['good', icons.shield, 'proved']
    : brokenText(proof) !== undefined
      ? ['bad', icons.shieldBroken, 'broken']
      : ['warning', icons.shieldOpen, 'incomplete'];
  return (
    <span className={`${styles['mark']} ${styles[hue]}`}>
      {icon}
      <span>{word}</span>
      <RelativeTime time={proof.at} rough={rough} />
    </span>
  );
}
