/**
 * A model that answers every request alike, for answers that no linear model gives: `{"answerText": "…"}` is sent as it is;
 * `{"randomFloats": 1536}` are so many numbers between 0 and 1, the same ones for the same count.
 */
export type FixedModel = { answerText: string } | { randomFloats: number };

/** The model in a file's text; undefined when it holds none. */
export function parseFixedModel(text: string): FixedModel | undefined {
  try {
    const model = JSON.parse(text) as FixedModel;
    if ('answerText' in model && typeof model.answerText === 'string') return model;
    return 'randomFloats' in model && Number.isInteger(model.randomFloats) ? model : undefined;
  } catch {
    return undefined;
  }
}

/** A generator of numbers between 0 and 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What it answers. */
export function fixedAnswer(model: FixedModel): string {
  if ('answerText' in model) return model.answerText;
  const next = generator(model.randomFloats);
  // two draws for as many digits as a double has
  return JSON.stringify(Array.from({ length: model.randomFloats }, () => next() + next() / 2 ** 32));
}
