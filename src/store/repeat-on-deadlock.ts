import { isPregoneroError } from "../core/errors.ts";

const MAX_ATTEMPTS = 3;

/**
 * Does `work` again when the database undid it for the sake of another transaction (a deadlock, which it notices after
 * a second): whoever it met is through by then. `work` is one transaction, and changes nothing outside it.
 */
export async function repeatOnDeadlock<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isPregoneroError(error, "store-contention")) throw error;
    }
  }
}
