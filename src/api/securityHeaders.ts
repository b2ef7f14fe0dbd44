/** Headers of every answer. The console, the reference and the page of a proof replace the content security policy by their own. */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Also where users reach the API by https: a browser then uses nothing else, for a year. */
export const strictTransport = { 'strict-transport-security': 'max-age=31536000' } as const;
