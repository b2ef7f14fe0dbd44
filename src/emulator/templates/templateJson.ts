/**
 * What ARM takes as JSON in the body of a deployment, as JSON: with comments, line breaks in texts, trailing commas, and names without
 * quotes. `az` sends `template:` and then the file as it is (azure-cli: JsonCTemplatePolicy).
 */
export function templateJson(text: string): string {
  const withoutComments = text.replaceAll(
    /("(?:[^"\\]|\\[\s\S])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, quoted?: string) => (quoted === undefined ? ' ' : quoted.replaceAll(/\r?\n/g, String.raw`\n`)),
  );
  return withoutComments.replaceAll(
    /("(?:[^"\\]|\\.)*")|([A-Za-z_$][\w$]*)(?=\s*:)|,(?=\s*[}\]])/g,
    (_, quoted?: string, name?: string) => quoted ?? (name === undefined ? '' : `"${name}"`),
  );
}

/** Whether a path addresses a deployment, whose body may have that form. */
export const takesTemplate = (path: string): boolean => /\/providers\/Microsoft\.Resources\/deployments\//i.test(path);
