import type { Json } from '../arm/model.ts';
import { listAt } from './jsonPath.ts';

/** Replaces a pickled scikit-learn model: prediction = intercept + sum(coefficients[i] * feature[i]). */
export interface LinearModel {
  intercept: number;
  coefficients: number[];
  /** names of the features, if the model has them */
  features?: string[];
}

/** Thrown by a scoring script on input that it cannot take. */
export class ScoringError extends Error {}

/** The model in a file's text; undefined when it holds none. */
export function parseLinearModel(text: string): LinearModel | undefined {
  try {
    const model = JSON.parse(text) as LinearModel;
    return Array.isArray(model.coefficients) && typeof model.intercept === 'number' ? model : undefined;
  } catch {
    return undefined;
  }
}

function predict(model: LinearModel, row: Json[]): number {
  if (row.length !== model.coefficients.length) {
    throw new ScoringError(`X has ${row.length} features, but the model is expecting ${model.coefficients.length}`);
  }
  return row.reduce<number>((sum, value, index) => {
    if (typeof value !== 'number') throw new ScoringError(`could not convert to float: ${JSON.stringify(value)}`);
    return sum + value * (model.coefficients[index] ?? 0);
  }, model.intercept);
}

function rowsOf(value: Json | undefined, member: string): Json[][] {
  const rows = listAt(value, member);
  if (rows.length === 0 || !rows.every(Array.isArray)) throw new ScoringError(`KeyError: '${member}'`);
  return rows as Json[][];
}

/** Scores `{"data": [[…]]}`, as a scoring script over NumPy does. Throws ScoringError. */
export function scoreRows(model: LinearModel, input: Json): number[] {
  return rowsOf(input, 'data').map((row) => predict(model, row));
}

/** Scores `{"input_data": {"columns", "data"}}`, as a scoring script over pandas does: columns count by name. Throws ScoringError. */
export function scoreTable(model: LinearModel, input: Json): number[] {
  const table = (input as { [member: string]: Json })['input_data'];
  const columns = listAt(table, 'columns').map(String);
  const order = (model.features ?? columns).map((feature) => {
    const position = columns.indexOf(feature);
    if (position === -1) throw new ScoringError(`KeyError: "['${feature}'] not in index"`);
    return position;
  });
  return rowsOf(table, 'data').map((row) => {
    if (row.length !== columns.length)
      throw new ScoringError(`${columns.length} columns passed, passed data had ${row.length}`);
    return predict(
      model,
      order.map((position) => row[position] ?? null),
    );
  });
}
