export { load } from "cheerio";
