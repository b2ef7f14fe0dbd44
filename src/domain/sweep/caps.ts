/** A default cap: `least`, or a share of the environments if that is more. */
export interface DefaultCap {
  least: number;
  /** one of so many environments */
  oneOf: number;
  share: string;
}

/** Teardowns of one sweep where no cap is set. */
export const defaultCap: DefaultCap = { least: 5, oneOf: 5, share: 'a fifth' };
/** Teardowns in 24 hours where no daily cap is set. */
export const defaultDailyCap: DefaultCap = { least: 20, oneOf: 2, share: 'half' };

/** The default for so many environments. */
export const capOf = ({ least, oneOf }: DefaultCap, environments: number): number =>
  Math.max(least, Math.floor(environments / oneOf));
