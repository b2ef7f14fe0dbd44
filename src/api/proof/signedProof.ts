import type { EnvironmentProof, ProofDocument } from '../../domain/proofDocument.ts';
import type { ProofKey } from './proofKey.ts';

/** A proof with its signature, in both forms that it is answered in. */
export interface SignedProof {
  keyId: string;
  signature: string;
  document: ProofDocument;
  /** exactly what is signed */
  text: string;
}

export function signProof(proof: EnvironmentProof, issuedAt: Date, moatVersion: string, key: ProofKey): SignedProof {
  const document: ProofDocument = {
    format: 'moat-isolation-proof/1',
    issuedAt: issuedAt.toISOString(),
    moatVersion,
    ...proof,
  };
  const text = JSON.stringify(document);
  return { keyId: key.keyId, signature: key.sign(text), document, text };
}

/**
 * One line of JSON: what is signed stands between `"document":` and the last brace, as it was signed. The commands in docs/proof.md rely on the
 * order of the members.
 */
export const jsonOf = ({ keyId, signature, text }: SignedProof): string =>
  `{"keyId":${JSON.stringify(keyId)},"signature":${JSON.stringify(signature)},"document":${text}}`;
