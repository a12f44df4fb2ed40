import { PregoneroError } from "../core/errors.ts";

/** The same words whether it is not there or another tenant's. */
export function missing(): PregoneroError {
  return new PregoneroError("not-found", "There is no such document.", { status: 404 });
}
