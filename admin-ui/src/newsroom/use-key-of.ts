import { useRef } from "react";
import { newKey } from "../api/api.ts";

/** One key for the same words as long as a form is open: what is sent again after a break is done once. */
export function useKeyOf(): (body: unknown) => string {
  const sent = useRef({ as: "", key: "" });
  return (body) => {
    const as = JSON.stringify(body);
    if (sent.current.as !== as) sent.current = { as, key: newKey() };
    return sent.current.key;
  };
}
