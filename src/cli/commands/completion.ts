import type { Command } from 'commander';
import { Argument } from 'commander';
import { addCommand, setAction } from '../command.ts';
import { completionScripts, shells } from '../completion/scripts.ts';
import type { Shell } from '../completion/scripts.ts';

/** `moat completion`: prints the completion script of a shell. */
export function addCompletion(program: Command): void {
  const command = addCommand(program, 'completion', {
    summary: 'Print the script that completes commands, options and names in a shell',
    examples: [
      ['source <(moat completion bash)', 'in ~/.bashrc; zsh likewise, after compinit'],
      ['moat completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
  }).addArgument(new Argument('<shell>', 'the shell').choices(shells));
  setAction(command, async ({ output }, [shell]) => {
    const script = completionScripts[shell as Shell];
    output.result({ shell, script }, [script.trimEnd()]);
  });
}
