import { isRequired, jsonHalfOf, textOf } from './draft.ts';
import { Field, useFieldAttributes } from './Field.tsx';
import { useForm } from './FormContext.ts';
import { JsonField } from './JsonField.tsx';
import { MemberFields } from './MemberFields.tsx';
import { ModelField } from './ModelField.tsx';
import { SourceButton } from './SourceButton.tsx';
import type { Schema } from './specSchema.ts';

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
  if (schema.type === undefined) return <JsonField {...common} />;
  const half = jsonHalfOf(parent, member);
  // Texts inside an object are URLs, commits, paths and ids, which are long.
  const isWide = schema.type === 'array' || (schema.type === 'string' && !schema.enum && parentPointer !== '');
  const action = half !== undefined && <SourceButton pointer={`${parentPointer}/${half}`} source="json" />;
  return (
    <Field {...common} isWide={isWide} action={action}>
      {schema.enum ? (
        <Choice pointer={pointer} schema={schema} values={schema.enum} />
      ) : (
        <TextInput pointer={pointer} schema={schema} placeholder={placeholder} isRequired={common.isRequired} />
      )}
    </Field>
  );
}

interface ControlProps {
  pointer: string;
  schema: Schema;
}

function Choice({ pointer, schema, values }: ControlProps & { values: readonly string[] }) {
  const { draft, change, leave } = useForm();
  const text = textOf(draft, pointer, schema);
  return (
    <select
      {...useFieldAttributes(pointer)}
      value={text}
      onChange={({ target }) => change(pointer, target.value)}
      onBlur={() => leave(pointer)}
    >
      {schema.default === undefined && <option value="">choose…</option>}
      {values.map((value) => (
        <option key={value}>{value}</option>
      ))}
    </select>
  );
}

function TextInput({
  pointer,
  schema,
  placeholder,
  isRequired: required,
}: ControlProps & { placeholder: string; isRequired: boolean }) {
  const { draft, change, leave } = useForm();
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  const attributes = useFieldAttributes(pointer);
  const suggestions = schema.examples ?? [];
  const listId = `${attributes.id}-suggestions`;
  const input = (
    <input
      {...attributes}
      list={suggestions.length > 0 ? listId : undefined}
      value={textOf(draft, pointer, schema)}
      placeholder={placeholder}
      inputMode={isNumber ? 'decimal' : 'text'}
      aria-required={required}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      onChange={({ target }) => change(pointer, target.value)}
      onBlur={() => leave(pointer)}
    />
  );
  if (suggestions.length === 0) return input;
  return (
    <>
      {input}
      <datalist id={listId}>
        {suggestions.map((suggestion) => (
          <option key={String(suggestion)} value={String(suggestion)} />
        ))}
      </datalist>
    </>
  );
}
