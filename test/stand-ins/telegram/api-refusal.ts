/** A call refused as the Bot API refuses: HTTP status, its words, and `parameters` when it gives some. */
export class ApiRefusal extends Error {
  readonly code: number;
  readonly parameters: Readonly<Record<string, number>> | undefined;

  constructor(code: number, description: string, parameters?: Readonly<Record<string, number>>) {
    super(description);
    this.name = "ApiRefusal";
    this.code = code;
    this.parameters = parameters;
  }
}

export function badRequest(description: string): ApiRefusal {
  return new ApiRefusal(400, `Bad Request: ${description}`);
}
