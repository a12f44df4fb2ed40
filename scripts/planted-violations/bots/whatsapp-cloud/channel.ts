export { two } from "../two/channel.ts";
