export { app } from "../http/app.ts";
