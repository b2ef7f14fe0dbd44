import type { Failure } from '../../../src/client/index.ts';
import { ApiProblem } from '../api/apiProblem.ts';
import { CopyButton } from './CopyButton.tsx';
import { TextWithTimes } from './TextWithTimes.tsx';
import styles from './Problem.module.css';

interface ProblemDetails {
  /** what happened, in one sentence */
  what: string;
  /** the stable code of the API, or Azure's */
  code?: string | undefined;
  why: string;
  /** each with its path in the request */
  errors?: readonly { path: string; message: string }[] | undefined;
  /** what to do */
  remedy?: string | undefined;
  /** for a support request, or for the log */
  id?: { kind: string; value: string } | undefined;
  log?: string | undefined;
}

/** What happened, why, what to do, and where to find more. */
export function Problem({ what, code, why, errors, remedy, id, log }: ProblemDetails) {
  return (
    <section className={styles['problem']} role="alert">
      <h2>{what}</h2>
      <p>
        {code !== undefined && <code className={styles['code']}>{code}</code>} <TextWithTimes text={why} />
      </p>
      {errors && errors.length > 0 && (
        <ul>
          {errors.map(({ path, message }) => (
            <li key={path + message}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {remedy !== undefined && remedy !== '' && (
        <p className={styles['remedy']}>
          <span>
            <strong>Remedy:</strong> {remedy}
          </span>
          <CopyButton text={remedy} what="remedy" />
        </p>
      )}
      {id && (
        <p className={styles['id']}>
          {id.kind} <code>{id.value}</code> <CopyButton text={id.value} what={id.kind} />
        </p>
      )}
      {log !== undefined && (
        <pre className={styles['log']} tabIndex={0} aria-label="Container log">
          {log}
        </pre>
      )}
    </section>
  );
}

/** Why a request failed. `what`: what was tried, like `The list could not be read`. */
export function RequestProblem({ what, error }: { what: string; error: Error }) {
  const problem = error instanceof ApiProblem ? error.problem : undefined;
  if (!problem)
    return (
      <Problem what={what} why={error.message} remedy="Check that Moat is running and reachable from this browser." />
    );
  const id = { kind: 'Request ID', value: problem.instance.split(/[/:]/).at(-1) ?? problem.instance };
  return <Problem what={what} code={problem.code} why={problem.detail} errors={problem.errors} id={id} />;
}

/** Why a run failed. */
export function RunFailure({ failure }: { failure: Failure }) {
  const { step, code, message, remedy, correlationId, log } = failure;
  return (
    <Problem
      what={step === null ? 'The run failed' : `The run failed at step ${step}`}
      code={code}
      why={message}
      remedy={remedy}
      id={correlationId === null ? undefined : { kind: 'Azure correlation ID', value: correlationId }}
      log={log ?? undefined}
    />
  );
}
