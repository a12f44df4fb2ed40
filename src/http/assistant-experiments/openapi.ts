import { IF_MATCH, type Operations } from "../access/describe-operations.ts";
import {
  EndExperimentRequest,
  ExperimentShape,
  ExperimentsShape,
  StartExperimentRequest,
} from "./contract.ts";

const unknown = { 404: "There is no such assistant, or it has no such version or experiment." };
const invalid = {
  400: "The request is not valid, or that version cannot be saved any more: a model is gone.",
};

export const EXPERIMENT_OPERATIONS: Operations = {
  "GET /api/v1/assistants/:name/experiments": {
    id: "listAssistantExperiments",
    summary: "Two versions of an assistant compared by those who write: the newest twenty",
    gives: ExperimentsShape,
    otherwise: unknown,
  },
  "POST /api/v1/assistants/:name/experiments": {
    id: "startAssistantExperiment",
    summary: "Let an earlier version answer a share of those who write",
    description:
      "Each person is answered by one of the two throughout. Until it is ended, the assistant cannot be saved.",
    takes: StartExperimentRequest,
    headers: IF_MATCH,
    gives: ExperimentShape,
    status: 201,
    otherwise: {
      ...invalid,
      ...unknown,
      409: "Two of its versions are being compared already.",
      412: "It was changed since it was read.",
      428: "If-Match is missing.",
    },
  },
  "POST /api/v1/assistants/:name/experiments/:experimentId/end": {
    id: "endAssistantExperiment",
    summary: "End a comparison, and say which version answers everybody",
    description:
      "Its results stay as they are. When the other version is kept, it is saved as the next one in the same step. Ending it again in the same way changes nothing.",
    takes: EndExperimentRequest,
    gives: ExperimentShape,
    otherwise: { ...invalid, ...unknown, 409: "It was ended before, and the other one kept." },
  },
};
