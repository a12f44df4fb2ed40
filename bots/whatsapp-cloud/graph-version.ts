/** The version that the payloads of this folder were written for; one lives for about two years. */
export const GRAPH_VERSION = "v25.0";
