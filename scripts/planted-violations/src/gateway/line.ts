export const line = "accept";
