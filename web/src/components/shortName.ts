/** A caller's name in little room: a mail address without its domain. */
export const shortName = (name: string): string => name.split('@')[0]!;
