import { nameAndType } from '../../../components/resourceName.ts';
import styles from './RunsTab.module.css';

/** A resource by its name and type; the whole ARM id on hover. */
export function ResourceName({ id }: { id: string }) {
  const { name, type } = nameAndType(id);
  return (
    <span title={id}>
      {name} <span className={styles['note']}>{type}</span>
    </span>
  );
}
