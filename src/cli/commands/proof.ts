import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readProof } from '../../client/index.ts';
import type { SignedProof } from '../../client/index.ts';
import { addCommand, setAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Colors } from '../output/colors.ts';
import { agoText, tableLines } from '../output/text.ts';
import { proofLines } from '../progress/outcome.ts';

interface Options {
  html?: boolean;
  output?: string;
}

function tableOf({ document, keyId }: SignedProof, colors: Colors): string[] {
  const { proof, laterFailure } = document;
  const rows = proof.rows.map(({ verdict, from, check, observed }) => [verdict, from, check, observed]);
  return [
    ...tableLines([['VERDICT', 'FROM', 'CHECK', 'OBSERVED'], ...rows]),
    ...proofLines(proof, colors).slice(0, 1),
    `Proved ${agoText(proof.at)}; signed with the key ${keyId.slice(0, 16)}…`,
    ...(laterFailure === null
      ? []
      : [colors.red(`A later proof failed in ${laterFailure.run}: ${laterFailure.message}`)]),
  ];
}

/** `moat proof`: the newest proof, signed. */
export function addProof(program: Command): void {
  const command = addCommand(program, 'proof <name>', {
    summary: 'Print or save the newest proof of isolation, signed',
    details:
      'The exit code is 1 where the proof is not complete or a later one failed. docs/proof.md shows how to check the signature.',
    examples: [
      ['moat proof churn1', 'each check with what was observed'],
      ['moat proof churn1 --json > proof.json', 'the signed document, byte by byte'],
      ['moat proof churn1 --html -o proof.html', 'one page to send to others'],
    ],
  })
    .option('--html', 'as a page')
    .option('-o, --output <path>', 'write it to a file');
  setAction<Options>(command, async ({ output, connect }, [name], { html = false, output: file }) => {
    const { api } = await connect();
    // The signature is of the text as it was sent.
    const read = async (format: 'json' | 'html'): Promise<string> => {
      const answer = await readProof({ ...api, path: { name: name! }, query: { format }, parseAs: 'text' });
      return answer.data as unknown as string;
    };
    const text = await read('json');
    const signed = JSON.parse(text) as SignedProof;
    const shown = html ? await read('html') : text;
    if (file !== undefined) await writeFile(file, shown);
    else if (html || output.isJson) output.raw(shown.endsWith('\n') ? shown : `${shown}\n`);
    else output.result(signed, tableOf(signed, output.colors));
    const { proof, laterFailure } = signed.document;
    return proof.complete && laterFailure === null ? exitCodes.done : exitCodes.failed;
  });
}
