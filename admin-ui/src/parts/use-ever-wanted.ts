import { useState } from "react";

/** Whether it was ever wanted: what is loaded late stays, so that it gives the focus back when it closes. */
export function useEverWanted(isWanted: boolean): boolean {
  const [wasWanted, setWasWanted] = useState(isWanted);
  if (isWanted && !wasWanted) setWasWanted(true);
  return isWanted || wasWanted;
}
