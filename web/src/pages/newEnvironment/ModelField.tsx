import { ownModel, textOf } from './draft.ts';
import { Field, useFieldAttributes } from './Field.tsx';
import { useForm } from './FormContext.ts';
import { MemberFields } from './MemberFields.tsx';
import type { Schema } from './specSchema.ts';

/** A sample by its name, or the reader's own model, which is an object. */
export function ModelField(props: { pointer: string; member: string; schema: Schema; isRequired: boolean }) {
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
