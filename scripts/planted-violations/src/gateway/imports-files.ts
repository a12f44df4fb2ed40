export { readRows } from "../store/imports-gateway.ts";
export { gone } from "./not-there.ts";
