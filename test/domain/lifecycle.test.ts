import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { EnvironmentState, RunKind } from '../../src/domain/environment.ts';
import { environmentStates } from '../../src/domain/environment.ts';
import {
  availableActions,
  decide,
  lifecyclePhase,
  lifecyclePhases,
  lifecycleRequests,
  lifecycleTable,
  stateAfter,
} from '../../src/domain/lifecycle.ts';
import type { LifecycleRequest, LifecycleStatus } from '../../src/domain/lifecycle.ts';

const status = (change: Partial<LifecycleStatus> = {}): LifecycleStatus => ({
  state: 'ready',
  run: null,
  protected: false,
  hasSpec: true,
  teardown: null,
  ...change,
});

it.each<[Partial<LifecycleStatus>, string]>([
  [{ state: 'provisioning', run: 'provision' }, 'cancel teardown renew protect'],
  [{ state: 'ready' }, 'teardown renew protect score verify'],
  [{ state: 'ready', protected: true }, 'renew protect score verify'],
  [{ state: 'failed' }, 'provision teardown renew protect'],
  [{ state: 'deleting', run: 'teardown', teardown: 'requested' }, ''],
  [{ state: 'blocked', teardown: 'requested' }, 'teardown'],
])('an environment that is %o has these actions: %s', (change, actions) => {
  expect(availableActions(status(change)).join(' ')).toBe(actions);
});

const anyStatus: fc.Arbitrary<LifecycleStatus> = fc.record({
  state: fc.constantFrom(...environmentStates),
  run: fc.constantFrom<RunKind | null>(null, 'provision', 'score', 'verify', 'teardown'),
  protected: fc.boolean(),
  hasSpec: fc.boolean(),
  teardown: fc.constantFrom<LifecycleStatus['teardown']>(null, 'requested', 'expiry'),
});

describe('a request', () => {
  const rows: [LifecycleRequest, Partial<LifecycleStatus>, string][] = [
    ['provision', { state: 'failed' }, 'provision'],
    ['provision', { state: 'ready' }, 'none'],
    ['provision', { state: 'ready', hasSpec: false }, 'provision'],
    ['provision', { state: 'deleting', run: 'teardown' }, 'BeingDeleted'],
    ['cancel', { state: 'provisioning' }, 'cancelRun'],
    ['cancel', { state: 'ready', run: 'score' }, 'cancelRun'],
    ['cancel', { state: 'ready' }, 'NothingRuns'],
    ['cancel', { state: 'deleting', run: 'teardown' }, 'NothingRuns'],
    ['cancelAndTeardown', { state: 'provisioning', protected: true }, 'Protected'],
    ['cancelAndTeardown', { state: 'ready', run: 'score', protected: true }, 'Protected'],
    ['cancelAndTeardown', { state: 'ready' }, 'teardown'],
    ['teardown', { state: 'ready', protected: true }, 'Protected'],
    ['teardown', { state: 'deleting', run: 'teardown' }, 'none'],
    ['teardown', { state: 'blocked', teardown: 'requested' }, 'teardown'],
    ['teardown', { state: 'deleting', teardown: 'expiry', protected: true }, 'Protected'],
    ['protect', { state: 'deleting', teardown: 'expiry' }, 'abortTeardown'],
    ['protect', { state: 'ready', teardown: 'requested' }, 'BeingDeleted'],
    ['renew', { state: 'deleting', teardown: 'requested' }, 'BeingDeleted'],
    ['teardownExpired', { state: 'expired', protected: true }, 'NotExpired'],
    ['score', { state: 'ready', run: 'score' }, 'score'],
    ['verify', { state: 'ready', run: 'score' }, 'NotReady'],
    ['score', { state: 'ready', hasSpec: false }, 'NotReady'],
    ['verify', { state: 'ready' }, 'verify'],
    ['teardown', { state: 'deleted' }, 'none'],
  ];
  it.each(rows)('%s of %o is %s', (request, change, expected) => {
    const decision = decide(request, status(change));
    expect(decision.accepted ? decision.work : decision.code).toBe(expected);
  });
});

test('the table has a cell for every phase and request', () => {
  for (const phase of lifecyclePhases)
    expect(Object.keys(lifecycleTable[phase]).toSorted(), phase).toEqual([...lifecycleRequests].toSorted());
});

test('no request tears down what is protected', () => {
  fc.assert(
    fc.property(anyStatus, fc.constantFrom(...lifecycleRequests), (status, request) => {
      const decision = decide(request, { ...status, protected: true });
      expect(decision).not.toMatchObject({ work: 'teardown' });
    }),
  );
});

test('what is being deleted by request starts no other work', () => {
  fc.assert(
    fc.property(anyStatus, fc.constantFrom(...lifecycleRequests), (status, request) => {
      const decision = decide(request, { ...status, teardown: 'requested' });
      expect(
        decision.accepted ? ['none', 'teardown'] : ['BeingDeleted', 'NothingRuns', 'NotReady', 'Protected'],
      ).toContain(decision.accepted ? decision.work : decision.code);
    }),
  );
});

/** An environment that executes decisions as the workflow does: at most one run, a cancelled run first, then the teardown. */
class Model {
  state: EnvironmentState = 'provisioning';
  run: RunKind | null = 'provision';
  protected = false;
  teardown: LifecycleStatus['teardown'] = null;
  startTeardown = false;
  runs = 1;

  status = (): LifecycleStatus =>
    status({ state: this.state, run: this.run, protected: this.protected, teardown: this.teardown });

  begin(kind: RunKind): void {
    expect(this.run, 'at most one run').toBeNull();
    if (kind === 'teardown') expect(this.protected, 'a teardown starts unprotected').toBe(false);
    this.run = kind;
    this.runs += 1;
  }

  proceed(): void {
    if (this.run !== null || !this.startTeardown || this.state === 'deleted') return;
    this.startTeardown = false;
    this.state = stateAfter.teardownStarted;
    this.begin('teardown');
  }

  request(request: LifecycleRequest): void {
    const decision = decide(request, this.status());
    if (!decision.accepted) return;
    const { work } = decision;
    if (work === 'teardown') {
      this.teardown = request === 'teardownExpired' ? 'expiry' : 'requested';
      this.startTeardown = true;
      if (this.run !== null && this.run !== 'teardown') this.end(false);
    } else if (work === 'cancelRun') this.end(false);
    else if (work === 'provision') {
      this.state = stateAfter.provisionStarted;
      this.begin('provision');
    } else if (work === 'verify' || (work === 'score' && this.run === null)) this.begin(work);
    else if (request === 'protect' && (work === 'changeLease' || work === 'abortTeardown')) {
      this.protected = true;
      if (work === 'abortTeardown') this.abort();
    }
    this.proceed();
  }

  abort(): void {
    this.teardown = null;
    this.startTeardown = false;
    if (this.run === 'teardown') this.run = null;
    if (this.state === 'deleting' || this.state === 'blocked') this.state = stateAfter.teardownAborted;
  }

  /** The run in progress ends. */
  end(succeeds: boolean): void {
    const { run } = this;
    this.run = null;
    if (run === 'provision') this.state = succeeds ? stateAfter.provisionSucceeded : stateAfter.provisionFailed;
    if (run === 'teardown') this.state = succeeds ? stateAfter.teardownSucceeded : stateAfter.teardownBlocked;
    this.proceed();
  }
}

test('any sequence of requests and endings keeps one run, deletes nothing protected, and ends at deleted', () => {
  const step = fc.oneof(
    fc.constantFrom(...lifecycleRequests).map((request) => (model: Model) => model.request(request)),
    fc.boolean().map((succeeds) => (model: Model) => model.run !== null && model.end(succeeds)),
    fc.constant((model: Model) => decide('renew', model.status()).accepted && (model.protected = false)),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = new Model();
      let runsWhenDeleted: number | undefined;
      for (const apply of steps) {
        apply(model);
        if (model.state === 'deleted') runsWhenDeleted ??= model.runs;
      }
      expect(lifecyclePhases).toContain(lifecyclePhase(model.status()));
      if (runsWhenDeleted !== undefined) expect([model.state, model.runs]).toEqual(['deleted', runsWhenDeleted]);
    }),
    { numRuns: 2_000 },
  );
});

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The table as a document. `vitest -u` writes it. */
function lifecycleDocument(): string {
  return [
    '# Lifecycle of an environment',
    '',
    'Which request is accepted in which phase, and the work that it starts. A cell that begins with a capital letter is a refusal, by its problem code;',
    '`none` means that what was requested is the case already, or in progress. `src/domain/lifecycle.ts` is the source of this page. In the phase `busy` a score',
    'or verify run is in progress; `recovered` is known from its tags only; in `expiring` a sweep requested the teardown; `blocked` waits for a blocker to clear.',
    '',
    row(['phase', ...lifecycleRequests]),
    row(['---', ...lifecycleRequests.map(() => '---')]),
    ...lifecyclePhases.map((phase) =>
      row([phase, ...lifecycleRequests.map((request) => `\`${lifecycleTable[phase][request]}\``)]),
    ),
    '',
    'A request whose work would be `teardown` is refused with `Protected` where the environment is protected, whoever makes it.',
    '',
    row(['event', 'state that follows']),
    row(['---', '---']),
    ...Object.entries(stateAfter).map(([event, state]) => row([event, `\`${state}\``])),
    '',
  ].join('\n');
}

test('docs/lifecycle.md shows the table', async () => {
  await expect(lifecycleDocument()).toMatchFileSnapshot('../../docs/lifecycle.md');
});
