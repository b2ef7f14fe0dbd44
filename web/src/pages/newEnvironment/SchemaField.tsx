import { Checkbox, Choice, TextInput } from './Controls.tsx';
import { isRequired, jsonHalfOf, ownModel, shownMembers, textOf } from './draft.ts';
import { Field, useFieldAttributes } from './Field.tsx';
import { useForm } from './FormContext.ts';
import { HelpText } from './HelpText.tsx';
import { JsonField } from './JsonField.tsx';
import { SourceButton } from './SourceButton.tsx';
import { isJson, labelOf } from './specSchema.ts';
import type { Schema } from './specSchema.ts';
import styles from './Form.module.css';

// An object has fields, and a field may be an object: they are in one file because modules may not import each other in a circle.

interface SchemaFieldProps {
  /** of the object that the member belongs to */
  parent: Schema;
  parentPointer: string;
  member: string;
  schema: Schema;
  placeholder?: string;
}

/** The field of one member, by the type that the API's schema gives it. */
export function SchemaField({ parent, parentPointer, member, schema, placeholder = '' }: SchemaFieldProps) {
  const pointer = `${parentPointer}/${member}`;
  const common = { pointer, member, schema, isRequired: isRequired(parent, member) };
  if (schema.type === 'object') return <MemberFields schema={schema} pointer={pointer} title={member} />;
  if (schema.anyOf) return <ModelField {...common} />;
  if (isJson(schema)) return <JsonField {...common} canBeFile={`${member}File` in (parent.properties ?? {})} />;
  const half = jsonHalfOf(parent, member);
  // Texts inside an object are URLs, commits, paths and ids, which are long.
  const isWide = schema.type === 'array' || (schema.type === 'string' && !schema.enum && parentPointer !== '');
  const action = half !== undefined && <SourceButton pointer={`${parentPointer}/${half}`} source="json" />;
  return (
    <Field {...common} isWide={isWide} action={action}>
      <Control pointer={pointer} schema={schema} placeholder={placeholder} isRequired={common.isRequired} />
    </Field>
  );
}

function Control(props: { pointer: string; schema: Schema; placeholder: string; isRequired: boolean }) {
  const { pointer, schema } = props;
  if (schema.type === 'boolean') return <Checkbox pointer={pointer} schema={schema} />;
  if (schema.enum) return <Choice pointer={pointer} schema={schema} values={schema.enum} />;
  return <TextInput {...props} />;
}

/** The members of an object inside the form. */
function MemberFields({ schema, pointer, title }: { schema: Schema; pointer: string; title: string }) {
  const { draft, errors } = useForm();
  return (
    <fieldset className={styles['members']}>
      <legend>{labelOf(title)}</legend>
      {schema.description !== undefined && (
        <p className={styles['help']}>
          <HelpText text={schema.description.replace(/\.$/, '')} />
        </p>
      )}
      <p className={styles['error']} role="alert">
        {errors[pointer]}
      </p>
      <div className={styles['fields']}>
        {shownMembers(schema, pointer, draft).map(([member, memberSchema]) => (
          <SchemaField key={member} parent={schema} parentPointer={pointer} member={member} schema={memberSchema} />
        ))}
      </div>
    </fieldset>
  );
}

/** A sample by its name, or the reader's own model, which is an object. */
function ModelField(props: { pointer: string; member: string; schema: Schema; isRequired: boolean }) {
  const { pointer, schema } = props;
  const { draft, change } = useForm();
  const text = textOf(draft, pointer, schema);
  const samples = schema.anyOf?.flatMap((one) => one.enum ?? []) ?? [];
  const object = schema.anyOf?.find(({ type }) => type === 'object');
  return (
    <>
      <Field {...props}>
        <select {...useFieldAttributes(pointer)} value={text} onChange={({ target }) => change(pointer, target.value)}>
          {samples.map((sample) => (
            <option key={sample} value={sample}>
              Sample: {sample}
            </option>
          ))}
          <option value={ownModel}>Your own model</option>
        </select>
      </Field>
      {text === ownModel && object && <MemberFields schema={object} pointer={pointer} title="your own model" />}
    </>
  );
}
