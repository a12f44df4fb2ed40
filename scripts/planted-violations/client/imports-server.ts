import { store } from "../src/store/database.ts";

export const client = store;
