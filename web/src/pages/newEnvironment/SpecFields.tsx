import { useQuery } from '@tanstack/react-query';
import { aboutQuery } from '../../api/queries.ts';
import { exampleOf } from './draft.ts';
import { fieldGroupsOf } from './fieldGroups.ts';
import { SchemaField } from './SchemaField.tsx';
import type { Schema } from './specSchema.ts';
import styles from './Form.module.css';

/** Every member of a new environment, in groups. */
export function SpecFields({ schema }: { schema: Schema }) {
  const lease = useQuery(aboutQuery).data?.lease;
  // Its default is a setting of this installation, which the schema cannot name.
  const defaults: Record<string, string> = lease ? { ttl: `default ${lease.defaultTtl}, at most ${lease.maxTtl}` } : {};
  return fieldGroupsOf(schema).map(({ title, members }) => (
    <fieldset key={title} className={styles['group']}>
      <legend>{title}</legend>
      <div className={styles['fields']}>
        {members.map((member) => (
          <SchemaField
            key={member}
            parent={schema}
            parentPointer=""
            member={member}
            schema={schema.properties![member]!}
            placeholder={defaults[member] ?? exampleOf(schema, member)}
          />
        ))}
      </div>
    </fieldset>
  ));
}
