import { IF_MATCH, type Operations } from "../access/describe-operations.ts";
import { ChangeWebChatRequest, WebChatShape } from "./contract.ts";

export const WEB_CHAT_OPERATIONS: Operations = {
  "GET /api/v1/bots/:botId/web-chat": {
    id: "getWebChat",
    summary: "How a web chat looks, and the sites that it may stand on",
    description: "The ETag is the revision.",
    gives: WebChatShape,
    otherwise: { 404: "There is no such web chat." },
  },
  "PUT /api/v1/bots/:botId/web-chat": {
    id: "changeWebChat",
    summary: "Change name, colour, greeting, questions and allowed origins of a web chat",
    description: "Takes the ETag that was read as If-Match. Audited.",
    headers: IF_MATCH,
    takes: ChangeWebChatRequest,
    gives: WebChatShape,
    otherwise: {
      400: "The request is not valid; `fields` says where.",
      404: "There is no such web chat.",
      409: "Another web chat of the tenant has this name.",
      412: "Somebody changed it since it was read.",
      428: "If-Match is missing.",
    },
  },
  "PUT /api/v1/bots/:botId/web-chat/avatar": {
    id: "putWebChatAvatar",
    summary: "Send the picture of a web chat",
    description:
      "The body is the picture itself: PNG or JPEG by its content, at most 256 KiB, 32 to 1,024 pixels a side. Where it was taken, comments and further frames are left out. Audited.",
    takesFile: ["image/png", "image/jpeg"],
    otherwise: {
      400: "Its size in pixels is not taken.",
      404: "There is no such web chat.",
      413: "It is larger than 256 KiB.",
      415: "It is neither a whole PNG nor a whole JPEG.",
    },
  },
  "DELETE /api/v1/bots/:botId/web-chat/avatar": {
    id: "removeWebChatAvatar",
    summary: "Take the picture of a web chat away",
    description: "Its letter or our own mark is shown again. Audited.",
    otherwise: { 404: "There is no such web chat." },
  },
};
