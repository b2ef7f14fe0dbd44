import type { Json } from '../arm/model.ts';
import { fixedAnswer, parseFixedModel } from './fixedModel.ts';
import { parseLinearModel, scoreRows, scoreTable, ScoringError } from './linearModel.ts';

/** The texts of the files that a container has mounted. */
interface MountedFiles {
  code: readonly string[];
  models: readonly string[];
  /** Azure's own script serves it: there is no code */
  isMlflow?: boolean;
}

/** Executes a container's scoring script on a request's body. Throws ScoringError. */
export function executeScript({ code, models, isMlflow = false }: MountedFiles, body: string): string {
  const fixed = models.map(parseFixedModel).find((found) => found !== undefined);
  if (fixed) return fixedAnswer(fixed);
  const linear = models.map(parseLinearModel).find((found) => found !== undefined);
  if (!linear) throw new ScoringError('FileNotFoundError: no model below AZUREML_MODEL_DIR');
  const takesTables = isMlflow || code.some((script) => script.includes('input_data'));
  let input: Json;
  try {
    input = JSON.parse(body) as Json;
  } catch {
    throw new ScoringError('JSONDecodeError: the body is no JSON');
  }
  return JSON.stringify(takesTables ? scoreTable(linear, input) : scoreRows(linear, input));
}
