/** Largest request in a call or spec, in bytes of JSON: it must fit into the parameters of a run command. Files in a repository have no limit. */
export const maxScoreRequestBytes = 16 * 1024;

/** Longest value of an Azure tag, in UTF-16 code units (Azure docs: tag limits). */
export const maxTagValueLength = 256;
