/**
 * Lets equal questions within `keptMs` share one answer, since a cluster answers ten visibility calls a second. An answer is kept for that
 * time from its question on, a failed one not at all.
 */
export function createSharedAnswers<T>(keptMs: number) {
  const kept = new Map<string, { at: number; answer: Promise<T> }>();

  return function share(key: string, ask: () => Promise<T>): Promise<T> {
    const now = Date.now();
    // oldest first
    for (const [old, { at }] of kept) {
      if (now - at < keptMs) break;
      kept.delete(old);
    }
    const shared = kept.get(key);
    if (shared) return shared.answer;
    const answer = ask();
    kept.set(key, { at: now, answer });
    answer.catch(() => kept.get(key)?.answer === answer && kept.delete(key));
    return answer;
  };
}
