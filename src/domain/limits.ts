/** Largest request to score, in bytes of JSON: it must fit into the parameters of a run command. */
export const maxScoreRequestBytes = 16 * 1024;

/** Longest value of an Azure tag, in UTF-16 code units (Azure docs: tag limits). */
export const maxTagValueLength = 256;
