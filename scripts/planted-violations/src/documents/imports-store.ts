import "mammoth";
export { readRows } from "../store/imports-gateway.ts";
