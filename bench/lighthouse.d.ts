/** What the benchmark uses of Lighthouse, which has no declarations of its own for its main module. */
declare module 'lighthouse' {
  interface Options {
    /** of a browser that is controlled by the DevTools protocol */
    port: number;
    logLevel: 'error';
    onlyCategories: string[];
  }
  interface Result {
    lhr: { categories: Record<string, { score: number | null } | undefined> };
  }
  export const desktopConfig: object;
  export default function lighthouse(url: string, options: Options, config: object): Promise<Result | undefined>;
}
