import type { Probe } from './environment.ts';

/** A model may take ten minutes to load. */
export const defaultProbe: Probe = { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 60 };

/** The seconds that a probe gives the container to start. */
export const startSeconds = ({ initialDelaySeconds, periodSeconds, failureThreshold }: Probe): number =>
  initialDelaySeconds + periodSeconds * failureThreshold;

/** Minutes that a patient probe adds to the timeout of a deployment. */
export const extraMinutes = (probe: Probe | undefined): number =>
  probe ? Math.max(0, Math.ceil((startSeconds(probe) - startSeconds(defaultProbe)) / 60)) : 0;
