import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./newsroom.module.css";
import { useNewsroomRights } from "./queries.ts";

const PLACES = ["/newsroom", "/newsroom/prompts", "/newsroom/publishing"] as const;
const NAMES = {
  "/newsroom": "newsroom.results",
  "/newsroom/prompts": "newsroom.prompts",
  "/newsroom/publishing": "newsroom.publishing",
} as const;

/** The three parts of the newsroom: what was written, what writes it, where it goes. */
export function Sections() {
  const { t } = useTranslation();
  const { mayPublish } = useNewsroomRights();
  const places = PLACES.filter((place) => mayPublish || place !== "/newsroom/publishing");
  return (
    <nav className={classes.sections} aria-label={t("newsroom.parts")}>
      {places.map((to) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          className={classes.section}
        >
          {t(NAMES[to])}
        </Link>
      ))}
    </nav>
  );
}

/** Back to the list that one came from. */
export function BackTo({
  to,
  label,
}: {
  readonly to: (typeof PLACES)[number];
  readonly label: string;
}) {
  return (
    <p className={classes.back}>
      <Link to={to} className={classes.plainLink}>
        {label}
      </Link>
    </p>
  );
}
