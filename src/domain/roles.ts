import { Problem } from './problem.ts';

export const roles = ['reader', 'owner', 'operator'] as const;
/** `reader` reads everything; `owner` also changes its own environments; `operator` may do everything. */
export type Role = (typeof roles)[number];

/** How a caller was authenticated. `local`: not at all, because the API listens on loopback and requires none. */
export const authenticationMethods = ['local', 'apiKey', 'oidc', 'session'] as const;

/** Who sent a request. */
export interface Caller {
  /** the owner of the environments that it creates */
  name: string;
  role: Role;
  via: (typeof authenticationMethods)[number];
}

/** The caller where no authentication is required. */
export const localCaller: Caller = { name: 'local', role: 'operator', via: 'local' };

/**
 * What an operation needs. `public`: nothing; `read`: any role; `plan` and `change`: the role `owner`, for environments of its own, or
 * `operator`; `operate`: `operator`.
 */
type Right = 'public' | 'read' | 'plan' | 'change' | 'operate';

/** The right that each operation of the API needs, by its operationId. An operation without a row is refused to everyone. */
const rightOf = {
  createEnvironment: 'change',
  listEnvironments: 'read',
  summarizeEnvironments: 'read',
  getEnvironment: 'read',
  watchEnvironment: 'read',
  watchEnvironments: 'read',
  changeLease: 'change',
  cancelRun: 'change',
  removeEnvironment: 'change',
  scoreEnvironment: 'change',
  verifyEnvironment: 'change',
  moveEnvironment: 'change',
  getMove: 'read',
  confirmMove: 'change',
  cancelMove: 'change',
  readLog: 'read',
  readProof: 'read',
  listRuns: 'read',
  getRun: 'read',
  planEnvironment: 'plan',
  listSweeps: 'read',
  getSweepSchedule: 'read',
  getSweep: 'read',
  startSweep: 'operate',
  approveSweep: 'operate',
  healthz: 'public',
  readyz: 'public',
  metrics: 'read',
  getAbout: 'read',
  getMe: 'read',
  getSignIn: 'public',
  openSession: 'read',
  signOut: 'public',
  readProofKey: 'public',
  openapi: 'public',
  encodePayloads: 'operate',
  decodePayloads: 'operate',
} as const satisfies Record<string, Right>;

export type Operation = keyof typeof rightOf;

export const operations = Object.keys(rightOf) as Operation[];

const rolesOf: Readonly<Record<Right, readonly Role[]>> = {
  public: roles,
  read: roles,
  plan: ['owner', 'operator'],
  change: ['owner', 'operator'],
  operate: ['operator'],
};

const isOperation = (operation: string): operation is Operation => Object.hasOwn(rightOf, operation);

/** Whether an operation needs no caller. */
export const isPublic = (operation: string): boolean => isOperation(operation) && rightOf[operation] === 'public';

/** Whether an operation changes something: each one is written to the audit log. */
export const isChange = (operation: string): boolean =>
  isOperation(operation) && (rightOf[operation] === 'change' || rightOf[operation] === 'operate');

/** Whose environments a role may change. */
export const changeableBy = { reader: 'none', owner: 'own', operator: 'all' } as const satisfies Record<Role, string>;

/** Whether the caller may use the operation on an environment of `environmentOwner`; without one: whether it may use it at all. */
export function mayDo({ name, role }: Caller, operation: string, environmentOwner?: string): boolean {
  if (!isOperation(operation)) return false;
  const right = rightOf[operation];
  if (!rolesOf[right].includes(role)) return false;
  const ownOnly = changeableBy[role] === 'own' && (right === 'change' || right === 'plan');
  return !ownOnly || environmentOwner === undefined || environmentOwner === name;
}

/** As `mayDo`; throws Forbidden with the cause and a remedy. */
export function assertMayDo(caller: Caller, operation: string, environmentOwner?: string): void {
  if (mayDo(caller, operation, environmentOwner)) return;
  const { name, role } = caller;
  if (mayDo(caller, operation))
    throw new Problem(
      'Forbidden',
      `The owner of the environment is ${environmentOwner}; ${name} has the role ${role}, which may change its own environments only. ` +
        'Ask its owner or an operator, or use another name.',
    );
  const needed = isOperation(operation) ? rolesOf[rightOf[operation]].join(' or ') : 'that nobody has';
  throw new Problem(
    'Forbidden',
    `The operation ${operation} needs the role ${needed}; ${name} has the role ${role}. Ask an operator, or use a key or an account with that role.`,
  );
}

/** Throws Forbidden unless the caller may adopt: nothing says whose a group without a seal is, and Moat's own rights reach all of them. */
export function assertMayAdopt({ name, role }: Caller): void {
  if (role === 'operator') return;
  throw new Problem(
    'Forbidden',
    `Only an operator may adopt an environment; ${name} has the role ${role}. An operator can name its later owner as "owner".`,
  );
}
