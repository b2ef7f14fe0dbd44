/** The entry point of the workflow bundle: every export is a workflow type. */
export { environment } from './environment.ts';
export { move } from './move.ts';
export { plan } from './plan.ts';
export { provision } from './provision.ts';
export { score } from './score.ts';
export { sweepEnvironments } from './sweep.ts';
export { deliverEvents } from './publishEvents.ts';
export { tailLog } from './tailLog.ts';
export { teardown } from './teardown.ts';
export { verify } from './verify.ts';
export { verifyEnvironments } from './verifyEnvironments.ts';
