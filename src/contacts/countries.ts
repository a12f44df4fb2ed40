import { getCountries } from "libphonenumber-js/min";

const COUNTRIES: ReadonlySet<string> = new Set(getCountries());

/** ISO 3166-1 alpha-2 codes of countries whose numbers are known. */
export function getSupportedCountries(): ReadonlySet<string> {
  return COUNTRIES;
}
