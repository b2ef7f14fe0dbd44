import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

interface TabsProps<Id extends string> {
  label: string;
  tabs: readonly { id: Id; title: string; content: () => ReactNode }[];
  selected: Id;
  onSelect: (id: Id) => void;
}

/** Tabs whose selection belongs to the page's address. */
export function Tabs<Id extends string>({ label, tabs, selected, onSelect }: TabsProps<Id>) {
  return (
    <Base.Root value={selected} onValueChange={(id) => onSelect(id as Id)}>
      <Base.List className={styles['list']} aria-label={label}>
        {tabs.map(({ id, title }) => (
          <Base.Tab key={id} value={id} className={styles['tab']}>
            {title}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ id, content }) => (
        <Base.Panel key={id} value={id} className={styles['panel']}>
          {id === selected && content()}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
