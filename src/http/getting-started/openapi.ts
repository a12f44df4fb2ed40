import type { Operations } from "../access/describe-operations.ts";
import { GettingStartedShape } from "./contract.ts";

export const GETTING_STARTED_OPERATIONS: Operations = {
  "GET /api/v1/getting-started": {
    id: "getGettingStarted",
    summary: "What is there of what first answers need",
    description: "Looked up where it is: nothing is ticked off, and what is removed is missing.",
    gives: GettingStartedShape,
  },
};
