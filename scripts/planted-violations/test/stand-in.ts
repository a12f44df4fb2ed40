export const standIn = {};
