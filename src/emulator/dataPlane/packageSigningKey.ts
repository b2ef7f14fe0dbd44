/** Fingerprint of the key that signs Microsoft's Linux repositories. */
const microsoftFingerprint = 'BC528686B50D79E339D3721CEB3E94ADBE1229CF';

/** Replaces the key's text: the emulated `gpg` reads the fingerprint from the comment. */
export const microsoftKey = `-----BEGIN PGP PUBLIC KEY BLOCK-----
Comment: fingerprint ${microsoftFingerprint}
-----END PGP PUBLIC KEY BLOCK-----
`;
