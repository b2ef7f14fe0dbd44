import type { Environment, Failure, Proof, TeardownReceipt } from '../../client/index.ts';
import type { Colors } from '../output/colors.ts';

/** A failure: its code and message, the remedy, the correlation id, and the container's log, indented. */
export function failureLines({ code, message, remedy, correlationId, log }: Failure, colors: Colors): string[] {
  const container =
    log === null ? [] : ["Container's last lines:", ...log.split('\n').map((line) => colors.dim(`  ${line}`))];
  return [
    colors.red(`${code}: ${message}`),
    ...(remedy === '' ? [] : [`Remedy: ${remedy}`]),
    ...(correlationId === null ? [] : [`Correlation ID: ${correlationId}`]),
    ...container,
  ];
}

/** How many checks of a proof passed, and the others one by one. */
export function proofLines({ rows }: Proof, colors: Colors): string[] {
  const passed = rows.filter((row) => row.verdict === 'passed').length;
  const others = rows.filter((row) => row.verdict !== 'passed');
  return [
    `Isolation: ${passed} of ${rows.length} checks passed.`,
    ...others.map(({ check, verdict, observed }) => colors.red(`  ${verdict}: ${check}: ${observed}`)),
  ];
}

/** What prevents a teardown from finishing, with the commands that clear it. */
const blockerLines = ({ blockers }: TeardownReceipt): string[] =>
  blockers.flatMap(({ resource, reason, command }) => [`${resource}: ${reason}`, `Remedy: ${command}`]);

/** What a run has led to: proof and score, the failure, or the blockers. */
export function outcomeLines({ name, state, receipt, failure }: Environment, colors: Colors): string[] {
  if (state === 'ready' && receipt !== null && 'score' in receipt)
    return [
      ...(receipt.localTry ? [`Local try on the jumpbox: ${receipt.localTry.excerpt}`] : []),
      ...proofLines(receipt.proof, colors),
      `Score from inside the network: ${colors.green(JSON.stringify(receipt.score.body))}`,
    ];
  const blockers = receipt !== null && 'blockers' in receipt ? blockerLines(receipt) : [];
  if (failure !== null) return [colors.red(`${name} is ${state}`), ...failureLines(failure, colors), ...blockers];
  return [`${name} is ${state}.`, ...blockers];
}
