export { two } from "../two/model.ts";
