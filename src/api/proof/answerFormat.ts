export type ProofFormat = 'json' | 'html';

const rangesOf: Readonly<Record<ProofFormat, readonly string[]>> = {
  json: ['application/json', 'application/*', '*/*'],
  html: ['text/html', 'text/*', '*/*'],
};

/** The format that an `Accept` header prefers (RFC 9110, section 12.5.1); JSON where it does not prefer HTML. */
export function preferredFormat(accept: string | undefined): ProofFormat {
  const quality = new Map(
    (accept ?? '').split(',').map((range): [string, number] => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return [type, q === undefined ? 1 : Number(q.slice(2)) || 0];
    }),
  );
  const qualityOf = (format: ProofFormat): number =>
    quality.get(rangesOf[format].find((range) => quality.has(range)) ?? '') ?? 0;
  return qualityOf('html') > qualityOf('json') ? 'html' : 'json';
}
