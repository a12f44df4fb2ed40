/** Of the installations that the fault suite makes and throws away. */
export const SECRET_KEY = Buffer.alloc(32, "fault suite");
