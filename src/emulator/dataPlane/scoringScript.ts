import type { Json } from '../arm/model.ts';
import { fixedAnswer, parseFixedModel } from './fixedModel.ts';
import { parseLinearModel, scoreRows, scoreTable, ScoringError } from './linearModel.ts';

/** Executes a container's scoring script on a request's body. `code` and `model` are the texts of their files. Throws ScoringError. */
export function executeScript(code: readonly string[], model: readonly string[], body: string): string {
  const fixed = model.map(parseFixedModel).find((found) => found !== undefined);
  if (fixed) return fixedAnswer(fixed);
  const linear = model.map(parseLinearModel).find((found) => found !== undefined);
  if (!linear) throw new ScoringError('FileNotFoundError: no model below AZUREML_MODEL_DIR');
  const takesTables = code.some((script) => script.includes('input_data'));
  let input: Json;
  try {
    input = JSON.parse(body) as Json;
  } catch {
    throw new ScoringError('JSONDecodeError: the body is no JSON');
  }
  return JSON.stringify(takesTables ? scoreTable(linear, input) : scoreRows(linear, input));
}
