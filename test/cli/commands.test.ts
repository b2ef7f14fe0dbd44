import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { root, run, runMoat } from './support/runMoat.ts';

const heading = '## Commands\n';

interface Named {
  words: string[];
  command: Command;
}

/** All commands, subcommands after theirs. */
const commandsOf = (parent: Command, words: string[] = []): Named[] =>
  parent.commands.flatMap((command) => {
    const own = [...words, command.name()];
    return [{ words: own, command }, ...commandsOf(command, own)];
  });

/** The help of a command, with examples, at 100 columns. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trimEnd();
}

const commands = commandsOf(createProgram());

it('docs/command-line.md has the help of every command (vitest -u updates it)', async () => {
  const written = readFileSync(join(root, 'docs/command-line.md'), 'utf8').split(heading)[0]!;
  const sections = commands.map(
    ({ words, command }) => `### moat ${words.join(' ')}\n\n\`\`\`\n${helpOf(command)}\n\`\`\`\n`,
  );
  await expect(`${written}${heading}\n${sections.join('\n')}`).toMatchFileSnapshot('../../docs/command-line.md');
});

it('every command has examples of itself, --json and --profile', () => {
  expect(commands.length).toBeGreaterThan(18);
  for (const { words, command } of commands) {
    const help = helpOf(command);
    expect(help, words.join(' ')).toMatch(new RegExp(`Examples:\\n(.*\\n)*.*moat ${words[0]}`));
    expect(help).toContain('--json');
    expect(help).toContain('--profile <name>');
  }
});

it('npx moat in a checkout runs it, with its arguments, output and exit code', async () => {
  const help = await run('node', [join(root, 'scripts/moat.mjs'), '--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('Usage: moat [options] [command]');
  const failing = await run('node', [join(root, 'scripts/moat.mjs'), 'ls', '--limit', 'x'], { cwd: '/' });
  expect(failing.code).toBe(2);
  expect(failing.stderr).toContain('--limit');
});

it('without a command prints help and ends as an error of usage', async () => {
  const { code, stderr } = await runMoat([]);
  expect(code).toBe(2);
  expect(stderr).toContain('Usage: moat');
});
