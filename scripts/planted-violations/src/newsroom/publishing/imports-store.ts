export { readRows } from "../../store/imports-gateway.ts";
