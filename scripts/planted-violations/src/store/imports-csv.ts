export { parse } from "csv-parse";
export { parsePhoneNumberFromString } from "libphonenumber-js/min";
