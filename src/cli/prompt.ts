import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

interface Question {
  text: string;
  /** do not show what is typed */
  hidden?: boolean;
}

async function ask({ text, hidden = false }: Question): Promise<string> {
  process.stderr.write(text);
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: hidden ? nothing : process.stderr, terminal: hidden });
  // With Ctrl-C, readline of a terminal does not end the process by itself.
  prompt.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const answer = await prompt.question('');
  prompt.close();
  if (hidden) process.stderr.write('\n');
  return answer.trim();
}

/** Asks the questions on the terminal; where stdin is not a terminal, its lines are the answers. */
export async function askAll(questions: readonly Question[]): Promise<string[]> {
  const answers: string[] = [];
  if (process.stdin.isTTY) {
    for (const question of questions) answers.push(await ask(question));
    return answers;
  }
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) answers.push(line.trim());
  return questions.map((_, index) => answers[index] ?? '');
}
