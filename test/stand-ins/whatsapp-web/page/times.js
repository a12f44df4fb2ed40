/**
 * Times as each language writes them. In D English puts a narrow no-break space before AM and PM and Spanish
 * a no-break space within "a. m.", as the browser's own formatting does.
 */
const STYLES = {
  en: { clock: "12", dateOrder: "month-first", pads: false },
  es: { clock: "12", dateOrder: "day-first", pads: false },
  pt: { clock: "24", dateOrder: "day-first", pads: true },
};

export function clockTime(atMs, { language, era, clock }) {
  const at = new Date(atMs);
  const minutes = String(at.getMinutes()).padStart(2, "0");
  const hours = at.getHours();
  if ((clock ?? STYLES[language].clock) === "24")
    return `${String(hours).padStart(2, "0")}:${minutes}`;
  const isMorning = hours < 12;
  const space = era === "D" ? "\u202f" : " ";
  const half =
    language === "es" ? (isMorning ? "a.\u00a0m." : "p.\u00a0m.") : isMorning ? "AM" : "PM";
  return `${hours % 12 === 0 ? 12 : hours % 12}:${minutes}${language === "es" ? " " : space}${half}`;
}

export function shortDate(atMs, { language, dateOrder }) {
  const at = new Date(atMs);
  const { pads, dateOrder: usual } = STYLES[language];
  const pad = (number) => (pads ? String(number).padStart(2, "0") : String(number));
  const [day, month] = [pad(at.getDate()), pad(at.getMonth() + 1)];
  const isMonthFirst = (dateOrder ?? usual) === "month-first";
  return `${isMonthFirst ? `${month}/${day}` : `${day}/${month}`}/${at.getFullYear()}`;
}

/** `[<time>, <date>] <sender>: ` */
export function stamp(atMs, sender, settings) {
  return `[${clockTime(atMs, settings)}, ${shortDate(atMs, settings)}] ${sender}: `;
}

export const dayOf = (atMs) => new Date(atMs).setHours(0, 0, 0, 0);

/** Of a divider in a conversation, and of the chat list. */
export function dayName(atMs, settings, texts) {
  const days = Math.round((dayOf(Date.now()) - dayOf(atMs)) / 86_400_000);
  if (days <= 0) return texts.today;
  if (days === 1) return texts.yesterday;
  return days < 7 ? texts.weekdays[new Date(atMs).getDay()] : shortDate(atMs, settings);
}

export function listTime(atMs, settings, texts) {
  return dayOf(atMs) === dayOf(Date.now())
    ? clockTime(atMs, settings)
    : dayName(atMs, settings, texts);
}

export const duration = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** With the thousands of the language: 1,227 or 1.227. */
export const counted = (number, language) =>
  String(number).replace(/\B(?=(\d{3})+$)/g, language === "en" ? "," : ".");
