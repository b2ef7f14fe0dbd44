export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

/** How far two numbers may differ: by the larger of both. Integers are compared exactly, up to `absolute`. */
export interface Tolerance {
  /** share of the expected number's magnitude */
  relative?: number;
  absolute?: number;
}

/** A user's model: a directory of a git repository at a pinned commit, with a sample request and the expected answer. */
export interface UserModel {
  format: 'custom' | 'mlflow';
  repository: string;
  /** commit, 40 hexadecimal digits */
  ref: string;
  /** directory inside the repository */
  path: string;
  /** this or `requestFile` */
  request?: Json;
  /** a file in the repository, sent as it is; of any size */
  requestFile?: string;
  /** media type of `requestFile`; default `application/json` */
  requestContentType?: string;
  /** this or `expectedFile` */
  expected?: Json;
  /** a file in the repository with the expected answer; of any size. One that is not JSON is compared byte by byte */
  expectedFile?: string;
  /** default: `defaultTolerance` of `domain/scoreCheck.ts` */
  tolerance?: Tolerance;
}
