import type { Cloud, Json, JsonObject } from '../arm/model.ts';
import { objectOf } from './jsonPath.ts';

/** What the next scoring requests are answered, over the control route `scoring`. */
export interface ScriptedAnswer {
  /** only requests to the endpoint of this name */
  endpoint?: string;
  /** let so many matching requests pass first; default 0 */
  skip: number;
  /** answer so many, then no more; null: all */
  times: number | null;
  /** matching requests so far */
  seen: number;
  /** absent: what the model answers */
  status?: number;
  headers?: Record<string, string>;
  /** a text is sent as it is, anything else as JSON */
  body?: Json;
  /** how long the model works before it answers, in seconds of Azure; above the deployment's `requestTimeout` the answer is 408 */
  delaySeconds?: number;
}

const key = 'scoring:answers';
const members = ['endpoint', 'skip', 'times', 'status', 'headers', 'body', 'delaySeconds'];

export const listAnswers = (cloud: Cloud): ScriptedAnswer[] =>
  (cloud.objects.get(key) ?? []) as unknown as ScriptedAnswer[];

const store = (cloud: Cloud, answers: ScriptedAnswer[]): void => cloud.objects.put(key, answers as unknown as Json);

/** Adds one to the list. Throws a plain Error that describes what is wrong with it. */
export function addAnswer(cloud: Cloud, request: JsonObject): ScriptedAnswer {
  const unknown = Object.keys(request).filter((member) => !members.includes(member));
  if (unknown.length > 0) throw new Error(`a scripted answer has no "${unknown[0]}"`);
  if (request['status'] === undefined && request['delaySeconds'] === undefined)
    throw new Error('a scripted answer needs "status" or "delaySeconds"');
  if (request['headers'] !== undefined && !objectOf(request['headers'])) throw new Error('"headers" is an object');
  const answer = { skip: 0, times: 1, ...request, seen: 0 } as ScriptedAnswer;
  store(cloud, [...listAnswers(cloud), answer]);
  return answer;
}

export const clearAnswers = (cloud: Cloud): void => cloud.objects.delete(key);

/** The answer for this request, if any; counts the request. */
export function nextAnswer(cloud: Cloud, endpoint: string): ScriptedAnswer | undefined {
  const answers = listAnswers(cloud);
  const found = answers.find((answer) => {
    if (answer.endpoint !== undefined && answer.endpoint !== endpoint) return false;
    answer.seen += 1;
    return answer.seen > answer.skip && (answer.times === null || answer.seen <= answer.skip + answer.times);
  });
  if (answers.length > 0) store(cloud, answers);
  return found;
}
