/** What stands before the first colon of `provider:model`: the closed set that metrics are labelled by. */
export function providerOf(model: string): string {
  const colon = model.indexOf(":");
  return colon === -1 ? model : model.slice(0, colon);
}
