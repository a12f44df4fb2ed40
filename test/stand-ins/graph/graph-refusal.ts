/** An error in Graph's shape (developers.facebook.com, WhatsApp "Error codes"): the code decides, words are for people. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly details: string;
  readonly subcode: number | undefined;

  constructor(code: number, details: string, options: { status?: number; subcode?: number } = {}) {
    super(`(#${code}) ${details}`);
    this.status = options.status ?? STATUS_OF[code] ?? 400;
    this.code = code;
    this.details = details;
    this.subcode = options.subcode;
  }

  toBody(): object {
    return {
      error: {
        message: this.message,
        type: this.code === 190 ? "OAuthException" : "GraphMethodException",
        code: this.code,
        ...(this.subcode !== undefined && { error_subcode: this.subcode }),
        error_data: { messaging_product: "whatsapp", details: this.details },
        fbtrace_id: "AStandInTrace",
      },
    };
  }
}

/** Where it is not 400. */
const STATUS_OF: Readonly<Record<number, number>> = {
  0: 401,
  1: 500,
  2: 503,
  3: 500,
  10: 403,
  190: 401,
  368: 403,
  130429: 429,
  131000: 500,
  131005: 403,
  131016: 500,
  131031: 403,
  131056: 429,
  132000: 400,
  132001: 404,
  133004: 503,
};

/** "Object with ID … does not exist": also what a token sees that has no right to it. */
export function unknownObject(id: string): GraphRefusal {
  return new GraphRefusal(
    100,
    `Unsupported request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
    { subcode: 33 },
  );
}
