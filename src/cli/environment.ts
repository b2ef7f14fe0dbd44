/** The environment variables that the command line reads. Only this file reads them. */
const variables: Readonly<Record<string, string | undefined>> = process.env;

/** A variable's value; undefined where it is empty or not set. */
export const variable = (name: string): string | undefined => variables[name] || undefined;
