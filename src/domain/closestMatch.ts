/** The one of `known` with the smallest edit distance to a mistyped name, at most 4; undefined where there is none. */
export function closestMatch(name: string, known: readonly string[]): string | undefined {
  return known
    .map((one) => ({ one, distance: editDistance(name, one) }))
    .filter(({ distance }) => distance <= 4)
    .toSorted((a, b) => a.distance - b.distance)[0]?.one;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, char] of a.split('').entries())
    row = row.reduce<number[]>((next, above, j) => {
      next.push(j === 0 ? i + 1 : Math.min(above + 1, next[j - 1]! + 1, row[j - 1]! + (char === b[j - 1] ? 0 : 1)));
      return next;
    }, []);
  return row[b.length]!;
}
