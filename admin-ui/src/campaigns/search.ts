/** `to`: begin a manual send to this contact. */
export interface CampaignsSearch {
  readonly to?: string | undefined;
}

export function readCampaignsSearch(search: Readonly<Record<string, unknown>>): CampaignsSearch {
  return typeof search.to === "string" && search.to !== "" ? { to: search.to } : {};
}
