import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Config } from '../config.ts';
import type { SweepSchedule } from '../domain/sweep/schedule.ts';
import type { ProofKey } from './proof/proofKey.ts';
import type { SignIn } from './signIn/signIn.ts';
import type { Environments, Moves, Plans, Sweeps } from '../temporal/contracts.ts';

/** A Fastify instance whose handlers are typed by their TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The settings that the API reads. */
export type ApiConfig = Pick<
  Config,
  'target' | 'subscriptionIds' | 'lease' | 'allowPrivateRepositories' | 'limits' | 'policy' | 'publicUrl'
>;

export interface RouteDeps {
  environments: Environments;
  sweeps: Sweeps;
  sweepSchedule: () => Promise<SweepSchedule>;
  plans: Plans;
  moves: Moves;
  config: ApiConfig;
  version: string;
  /** the Temporal server; `ui`: base address of its web interface */
  temporal: { address: string; namespace: string; ui: string | null };
  /** signs proofs */
  proofKey: ProofKey;
  /** null: no authentication is required */
  signIn: SignIn | null;
  /** whether the target cloud (emulator or Azure) answers and can persist */
  targetReady: () => Promise<boolean>;
}

/** Adds one operation to the application. */
export type Route = (app: App, deps: RouteDeps) => void;
