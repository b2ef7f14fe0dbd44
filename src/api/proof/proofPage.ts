import { createHash } from 'node:crypto';
import type { ProofChange, ProofRow } from '../../domain/environment.ts';
import type { ProofDocument } from '../../domain/proofDocument.ts';
import type { SignedProof } from './signedProof.ts';

const style = `
body { font: 15px/1.45 system-ui, sans-serif; color: #111; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #bbb; }
.facts td, .checks td:nth-child(4) { overflow-wrap: anywhere; } .checks td:nth-child(4) { min-width: 12rem; }
.summary { border: 2px solid #111; padding: .6rem 1rem; } .failed, .inconclusive { font-weight: bold; }
.facts th { width: 12rem; font-weight: normal; color: #444; } code, pre { font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
@media print { body { margin: 0; max-width: none; } .signed { display: none; } tr { break-inside: avoid; } }
`;

const styleHash = createHash('sha256').update(style).digest('base64');
const directives = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** The page has one style sheet and nothing else that could be loaded or executed. */
export const pagePolicy = `${directives}; frame-ancestors 'none'`;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character]!);

const facts = (entries: readonly (readonly [string, string | null])[]): string =>
  `<table class="facts">${entries
    .map(
      ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value ?? 'not recorded')}</td></tr>`,
    )
    .join('')}</table>`;

/** A proof as one self-contained page to read, print or attach. It carries the signed text, so that it can be checked by itself. */
export function proofPage({ keyId, signature, document, text }: SignedProof): string {
  const { environment, proof, image } = document;
  const title = escaped(`Isolation proof of ${environment.name}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${directives}">
<title>${title}</title><style>${style}</style></head><body>
<h1>${title}</h1>
${summary(document)}
<h2>Environment</h2>
${facts(environmentFacts(document))}
<h2>Checks</h2>
<table class="checks"><thead><tr><th>Check</th><th>From</th><th>Expected</th><th>Observed</th><th>When</th><th>Verdict</th></tr></thead>
<tbody>${proof.rows.map(rowOf).join('\n')}</tbody></table>
<h2>Changes since the previous proof</h2>
${proof.changes.length === 0 ? '<p>None.</p>' : changesTable(proof.changes)}
<h2>Image</h2>
${image === null ? '<p>Not recorded.</p>' : facts([['scoring image', image.image ?? 'none built: the image of Azure serves the model'], ['commit of its sources', image.commit], ...image.baseImages.map(({ name, digest }) => ['built from', `${name}@${digest}`] as const)])}
<h2>Signature</h2>
${facts([
  ['algorithm', 'Ed25519'],
  ['key', keyId],
  ['SHA-256 of the signed text', createHash('sha256').update(text).digest('hex')],
])}
<p>Signature:</p>
<pre id="signature">${signature}</pre>
<div class="signed"><p>The signed text, in base64. What is above was made from it; only this text is signed.</p>
<pre id="document">${Buffer.from(text).toString('base64')}</pre></div>
</body></html>
`;
}

function summary({ environment, proof, laterFailure }: ProofDocument): string {
  const count = (verdict: ProofRow['verdict']): number => proof.rows.filter((row) => row.verdict === verdict).length;
  const lines = [
    proof.complete
      ? `All ${proof.rows.length} checks have passed.`
      : `Not proved. Checks: ${count('failed')} failed, ${count('inconclusive')} inconclusive, ${count('passed')} passed.`,
    ...(laterFailure
      ? [
          `A later run failed (${laterFailure.run}, ${laterFailure.type}): this proof may describe a state that is over.`,
        ]
      : []),
    ...(environment.target === 'emulator' ? ['Made on the emulator: it says nothing about Azure.'] : []),
  ];
  return `<div class="summary">${lines.map((line) => `<p><strong>${escaped(line)}</strong></p>`).join('')}</div>`;
}

const environmentFacts = ({ environment, proof, run, issuedAt, moatVersion }: ProofDocument) =>
  [
    ['name', environment.name],
    ['target', environment.target],
    ['subscription', environment.subscriptionId],
    ['resource group', environment.resourceGroup],
    ['location', environment.location],
    ['owner', environment.owner],
    ['requested at', environment.createdAt],
    ['state at the issue', environment.state],
    ['hash of the spec', environment.specHash],
    ['proved at', proof.at],
    ['by run', run && run.id],
    ['issued at', issuedAt],
    ['Moat version', moatVersion],
  ] as const;

const rowOf = ({ check, from, expected, observed, at, verdict }: ProofRow): string =>
  `<tr>${[check, from, expected, observed, at].map((cell) => `<td>${escaped(cell)}</td>`).join('')}<td class="${verdict}">${verdict}</td></tr>`;

const changesTable = (changes: readonly ProofChange[]): string =>
  `<table class="changes"><thead><tr><th>Check</th><th>From</th><th>Before</th><th>Now</th></tr></thead>
<tbody>${changes
    .map(({ check, from, before, after }) => {
      const cells = [check, from, before].map((cell) => `<td>${escaped(cell)}</td>`).join('');
      return `<tr>${cells}<td class="${after}">${after}</td></tr>`;
    })
    .join('\n')}</tbody></table>`;
