import { useCallback, useMemo, useState } from 'react';
import { useDraft } from './draft.ts';
import { FormContext } from './FormContext.ts';
import { PlanPanel } from './PlanPanel.tsx';
import { apiFieldErrors } from './refusedFields.ts';
import { requestBodyOf } from './requestBody.ts';
import { SpecFields } from './SpecFields.tsx';
import type { Schema } from './specSchema.ts';
import { useCreation } from './useCreation.ts';
import { usePlan } from './usePlan.ts';
import styles from './Form.module.css';

/** The fields, and beside them the plan with the button that executes it. */
export function EnvironmentForm({ schema }: { schema: Schema }) {
  const { draft, change } = useDraft(schema);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const leave = useCallback((pointer: string) => setLeft((old) => new Set([...old, pointer])), []);
  const request = useMemo(() => requestBodyOf(schema, draft), [schema, draft]);
  const plan = usePlan(request);
  const digest = plan.isCurrent ? plan.plan?.adoption?.digest : undefined;
  const body = useMemo(
    () => (digest === undefined ? request.body : { ...request.body, adoptionDigest: digest }),
    [request.body, digest],
  );
  // What was refused was possible when it was planned.
  const creation = useCreation(body, plan.repeat);

  const { errors: ownErrors } = request;
  const form = useMemo(() => {
    const seen = Object.entries(ownErrors).filter(([pointer]) => left.has(pointer));
    const errors = { ...apiFieldErrors(plan.error), ...apiFieldErrors(creation.error), ...Object.fromEntries(seen) };
    return { draft, change, leave, errors };
  }, [draft, change, leave, left, ownErrors, plan.error, creation.error]);

  return (
    <FormContext value={form}>
      <form
        noValidate
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          creation.create();
        }}
      >
        <div className={styles['groups']}>
          <SpecFields schema={schema} />
        </div>
        <PlanPanel request={{ ...request, body }} plan={plan} creation={creation} />
      </form>
    </FormContext>
  );
}
