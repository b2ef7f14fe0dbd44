import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { aboutQuery } from '../../api/queries.ts';
import { exampleOf, shownMembers } from './draft.ts';
import { fieldGroupsOf } from './fieldGroups.ts';
import { useForm } from './FormContext.ts';
import { SchemaField } from './SchemaField.tsx';
import type { Schema } from './specSchema.ts';
import styles from './Form.module.css';

/** Every member of a new environment, in groups. */
export function SpecFields({ schema }: { schema: Schema }) {
  const { draft } = useForm();
  const lease = useQuery(aboutQuery).data?.lease;
  // Its default is a setting of this installation, which the schema cannot name.
  const defaults: Record<string, string> = lease ? { ttl: `default ${lease.defaultTtl}, at most ${lease.maxTtl}` } : {};
  const shown = Object.fromEntries(shownMembers(schema, '', draft));
  const isUsed = (members: readonly string[]): boolean =>
    members.some((member) => Object.entries(draft).some(([pointer, text]) => text && belongsTo(pointer, member)));
  return fieldGroupsOf(Object.keys(shown)).map(({ title, members, isClosed = false }) => (
    <Group key={title} title={title} isClosed={isClosed} isOpen={isUsed(members)}>
      {members.map((member) => (
        <SchemaField
          key={member}
          parent={schema}
          parentPointer=""
          member={member}
          schema={shown[member]!}
          placeholder={defaults[member] ?? exampleOf(schema, member)}
        />
      ))}
    </Group>
  ));
}

const belongsTo = (pointer: string, member: string): boolean => `${pointer}/`.startsWith(`/${member}/`);

interface GroupProps {
  title: string;
  /** it opens on demand, and where the draft has something of it */
  isClosed: boolean;
  isOpen: boolean;
  children: ReactNode;
}

function Group({ title, isClosed, isOpen, children }: GroupProps) {
  const fields = <div className={styles['fields']}>{children}</div>;
  if (isClosed)
    return (
      <details className={styles['group']} open={isOpen || undefined}>
        <summary>{title}</summary>
        {fields}
      </details>
    );
  return (
    <fieldset className={styles['group']}>
      <legend>{title}</legend>
      {fields}
    </fieldset>
  );
}
