export { line } from "../gateway/line.ts";
export const readRows = () => [];
