import { parse } from 'just-bash';
import type { StatementNode, TransformPlugin } from 'just-bash';
import type { Machine } from './machine.ts';
import { succeed } from './tool.ts';
import type { Tool } from './tool.ts';

const names = { begin: 'background:begin', end: 'background:end', wait: 'background:wait' };

/** `command &` as the shell here can run it: at once, in a subshell, while the machine's time branches off. */
function inBackground(statement: StatementNode): StatementNode {
  const template = parse(`{ ${names.begin}; ( : ) || :; ${names.end}; }`).statements[0]!;
  const group = template.pipelines[0]!.commands[0]!;
  const subshell = group.type === 'Group' ? group.body[1]?.pipelines[0]?.commands[0] : undefined;
  if (subshell?.type === 'Subshell') subshell.body = [{ ...statement, background: false }];
  return template;
}

const isStatement = (node: object): node is StatementNode => 'type' in node && node.type === 'Statement';
const isNode = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Replaces background statements, and the name of `wait`, below a node of the syntax tree. */
function rewrite(node: object): void {
  for (const [key, value] of Object.entries(node)) {
    if (isNode(value)) rewrite(value);
    if (Array.isArray(value))
      Object.assign(node, {
        [key]: value.map((one: unknown) =>
          isNode(one) && isStatement(one) && one.background ? inBackground(one) : one,
        ),
      });
  }
  if (!('type' in node) || node.type !== 'SimpleCommand' || !('name' in node) || !isNode(node.name)) return;
  const word = node.name as { parts?: { type: string; value?: string }[] };
  const [part] = word.parts ?? [];
  if (word.parts?.length === 1 && part?.type === 'Literal' && part.value === 'wait') part.value = names.wait;
}

/**
 * The shell here runs `command &` in the foreground. With this plugin and `backgroundTools`, such commands take their virtual time side by side:
 * each starts when the script reached it, and `wait` lasts until the last one has ended.
 */
export const backgroundCommands: TransformPlugin = {
  name: 'background commands',
  transform: ({ ast, metadata }) => {
    rewrite(ast);
    return { ast, metadata };
  },
};

const does =
  (act: (machine: Machine) => void): Tool =>
  (machine) => {
    act(machine);
    return succeed();
  };

/** The commands that `backgroundCommands` puts into scripts. */
export const backgroundTools: Record<string, Tool> = {
  [names.begin]: does((machine) => machine.beginBackground()),
  [names.end]: does((machine) => machine.endBackground()),
  [names.wait]: does((machine) => machine.waitForBackground()),
};
