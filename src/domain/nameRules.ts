/** What Azure allows as a name (Azure docs: naming rules and restrictions for Azure resources; rule PF-40). */
export interface NameRule {
  pattern: RegExp;
  /** for people */
  text: string;
}

export const nameRules = {
  resourceGroup: { pattern: /^[-\w._()]{0,89}[-\w_()]$/, text: '1-90 letters, digits, -._() and no period at the end' },
  network: {
    pattern: /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$/,
    text: '1-80 letters, digits and _.-, beginning with a letter or digit',
  },
  virtualNetwork: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]$/,
    text: '2-64 letters, digits and _.-, beginning with a letter or digit',
  },
  privateDnsZone: {
    pattern: /^(?=.{1,63}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){1,33}$/,
    text: '2-34 labels of letters, digits, _ and -, 63 characters at most',
  },
  logAnalytics: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    text: '4-63 letters, digits and hyphens',
  },
  monitoring: { pattern: /^[^%&?/\\<>]{0,259}[^%&?/\\<>. ]$/, text: '1-260 characters, without %&\\?/' },
  storageAccount: { pattern: /^[a-z0-9]{3,24}$/, text: '3-24 lower-case letters and digits' },
  keyVault: {
    pattern: /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
    text: '3-24 letters, digits and single hyphens, beginning with a letter',
  },
  containerRegistry: { pattern: /^[A-Za-z0-9]{5,50}$/, text: '5-50 letters and digits' },
  managedIdentity: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
    text: '3-128 letters, digits, _ and -, beginning with a letter or digit',
  },
  mlWorkspace: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/,
    text: '3-33 letters, digits, _ and -, beginning with a letter or digit',
  },
  onlineEndpoint: {
    pattern: /^(?=.{3,32}$)(?!.*--)[A-Za-z]([-A-Za-z0-9]*[A-Za-z0-9])?$/,
    text: '3-32 letters, digits and single hyphens, beginning with a letter',
  },
  virtualMachine: {
    pattern: /^(?!\d+$)[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?$/,
    text: '1-64 letters, digits and ._-, not digits only',
  },
  disk: { pattern: /^[\w.-]{1,80}$/, text: '1-80 letters, digits and _.-' },
} as const satisfies Record<string, NameRule>;
