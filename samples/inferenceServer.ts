import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const startLimitMs = 120_000;

export interface ServedAnswer {
  /** of GET /, which the platform's probes read */
  liveness: number;
  status: number;
  body: unknown;
}

/**
 * Starts Azure's inference server with a scoring script, as Moat's image does, and sends it one request. Throws with the server's output when
 * it does not start.
 */
export async function askInferenceServer(
  programs: string,
  { script, model, port, request }: { script: string; model: string; port: number; request: string },
): Promise<ServedAnswer> {
  const server = spawn(join(programs, 'azmlinfsrv'), ['--port', String(port), '--entry_script', script], {
    env: { ...process.env, AZUREML_MODEL_DIR: model, PATH: `${programs}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  server.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  server.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const url = `http://127.0.0.1:${port}`;
  try {
    const liveness = await untilAlive(url, () => server.exitCode === null);
    if (liveness === undefined) throw new Error(`the inference server did not start:\n${output.slice(-3000)}`);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/score`, { method: 'POST', body: request, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the inference server answered ${answer.status}: ${text}\n${output.slice(-3000)}`);
    return { liveness, status: answer.status, body: JSON.parse(text) as unknown };
  } finally {
    // its workers are processes of their own, in its group
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGTERM');
  }
}

async function untilAlive(url: string, running: () => boolean): Promise<number | undefined> {
  for (const end = Date.now() + startLimitMs; Date.now() < end && running(); await wait(250)) {
    try {
      return (await fetch(url)).status;
    } catch {
      // it does not listen yet
    }
  }
  return undefined;
}
