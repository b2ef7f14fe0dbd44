/** A line in parts, of which every second one is the searched text, in any case. */
export function matchesIn(line: string, search: string): string[] {
  if (search === '') return [line];
  const pattern = new RegExp(`(${search.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')})`, 'i');
  return line.split(pattern);
}
