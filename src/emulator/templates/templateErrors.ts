import { ArmError } from '../arm/model.ts';

/** ARM's answer to a wrong template. Codes and texts: Azure docs, "Common deployment errors", and the troubleshooting pages that they link. */
const invalidTemplate = (message: string): ArmError =>
  new ArmError(400, 'InvalidTemplate', message, {
    additionalInfo: [{ type: 'TemplateViolation', info: { lineNumber: 0, linePosition: 0, path: '' } }],
  });

/** A fault that ARM finds in the template as a whole, before it looks at single resources. */
export const validationFailed = (what: string): ArmError =>
  invalidTemplate(`Deployment template validation failed: '${what}'.`);

/** What the template language of Azure has, but the emulator has not. */
export const templateNotEmulated = (what: string): ArmError =>
  new ArmError(501, 'NotEmulated', `${what} in templates is not emulated.`);

/** An expression that cannot be evaluated. It is reported with the resource or output that contains it: see `located`. */
export class ExpressionError extends Error {}

/**
 * Runs `work`, and reports an expression that it cannot evaluate as ARM does.
 * @throws ArmError 400 InvalidTemplate
 */
export function located<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw invalidTemplate(`Unable to process template language expressions for ${where}. '${error.message}'`);
  }
}
