import { ArmError } from '../../arm/model.ts';
import type { JsonObject } from '../../arm/model.ts';
import { asObject, textOf } from '../../http/call.ts';

type Test = (event: JsonObject) => boolean;

const bad = (message: string): ArmError => new ArmError(400, 'BadRequest', message);

/** Members that a filter may compare, as the event holds them (REST reference: Activity Logs, List). */
const members: Record<string, (event: JsonObject) => string> = {
  resourcegroupname: (event) => textOf(event['resourceGroupName']),
  resourceuri: (event) => textOf(event['resourceId']),
  resourceid: (event) => textOf(event['resourceId']),
  correlationid: (event) => textOf(event['correlationId']),
  caller: (event) => textOf(event['caller']),
  resourceprovider: (event) => textOf(asObject(event['resourceProviderName'])['value']),
  resourcetype: (event) => textOf(asObject(event['resourceType'])['value']),
  operationname: (event) => textOf(asObject(event['operationName'])['value']),
  status: (event) => textOf(asObject(event['status'])['value']),
};

function testOf(term: string): Test {
  const [, member = '', verb = '', text, bare = ''] =
    /^(\w+)\s+(eq|ge|le|gt|lt)\s+(?:'((?:[^']|'')*)'|(\S+))$/i.exec(term.trim()) ?? [];
  const value = (text ?? bare).replaceAll("''", "'");
  const name = member.toLowerCase();
  if (name === 'eventtimestamp') {
    const limit = Date.parse(value);
    if (Number.isNaN(limit)) throw bad(`The time '${value}' of the filter is not valid.`);
    const later = /^g/i.test(verb);
    return (event) => {
      const at = Date.parse(textOf(event['eventTimestamp']));
      return /e$/i.test(verb) && at === limit ? true : later ? at > limit : at < limit;
    };
  }
  // All events here are of the channel that these name.
  if (name === 'eventchannels' && verb.toLowerCase() === 'eq') return () => true;
  const read = members[name];
  if (read === undefined || verb.toLowerCase() !== 'eq')
    throw bad(`The filter term '${term.trim()}' is not supported.`);
  return (event) => read(event).toLowerCase() === value.toLowerCase();
}

/**
 * The `$filter` of the activity log: comparisons joined by `and`, one of them the earliest time.
 * @throws ArmError 400 without an earliest time, or for another term
 */
export function activityLogFilter(filter: string | undefined): Test {
  if (!/eventTimestamp\s+g[et]/i.test(filter ?? ''))
    throw bad("The filter needs the earliest time: eventTimestamp ge '…'.");
  // Some tools write no space between a text and the next `and`.
  const tests = (filter ?? '').split(/(?<=')\s*and\s+|\s+and\s+/i).map(testOf);
  return (event) => tests.every((fits) => fits(event));
}

/** Only the members that `$select` names, or all. */
export function selected(event: JsonObject, select: string | undefined): JsonObject {
  if (select === undefined || select === '') return event;
  const wanted = new Set(select.split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(event).filter(([name]) => wanted.has(name.toLowerCase())));
}
