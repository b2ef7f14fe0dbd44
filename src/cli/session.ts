import { chooseConnection } from './api/connection.ts';
import { createApi } from './api/moatClient.ts';
import type { Api, Connection } from './api/moatClient.ts';
import { createOutput } from './output/output.ts';
import type { Output } from './output/output.ts';

/** Options that every command has. */
export interface CommonOptions {
  json?: boolean;
  profile?: string;
}

/** What a command works with. */
export interface Session {
  output: Output;
  /** of `--profile` */
  profile: string | undefined;
  /** the Moat to use */
  connect(): Promise<{ connection: Connection; api: Api }>;
}

/** The session of one command. */
export function createSession({ json = false, profile }: CommonOptions): Session {
  const output = createOutput(json);
  return {
    output,
    profile,
    async connect() {
      const connection = await chooseConnection(profile);
      return { connection, api: createApi(connection, output.note) };
    },
  };
}
